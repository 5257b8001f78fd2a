import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const pom = (inner: string, more = ''): string => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.acme</groupId>
  <artifactId>app</artifactId>
  <version>1.0-SNAPSHOT</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  ${more}
  <dependencies>
    ${inner}
  </dependencies>
</project>
`;

const dependency = (group: string, artifact: string, version: string, scope = 'compile'): string =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version><scope>${scope}</scope></dependency>`;

const junit = dependency('junit', 'junit', '4.13.2', 'test');

const repository = (id: string, url: string): string =>
  `<repositories><repository><id>${id}</id><url>${url}</url></repository></repositories>`;

const main = (body: string): string => `package com.acme;\n\npublic class App {\n  public static void main(String[] args) {\n    ${body}\n  }\n}\n`;

const test = (body: string): string => `package com.acme;\n\nimport org.junit.Test;\nimport static org.junit.Assert.*;\n\npublic class AppTest {\n  ${body}\n}\n`;

const app = 'src/main/java/com/acme/App.java';
const appTest = 'src/test/java/com/acme/AppTest.java';

const enforcer = `<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId><artifactId>maven-enforcer-plugin</artifactId><version>3.5.0</version><executions><execution><goals><goal>enforce</goal></goals><configuration><rules><requireJavaVersion><version>[99,)</version></requireJavaVersion></rules></configuration></execution></executions></plugin></plugins></build>`;

const manyTests = Object.fromEntries(
  Array.from({ length: 45 }, (_, index) => [
    `src/test/java/com/acme/Area${index}Test.java`,
    `package com.acme;\n\nimport org.junit.Test;\nimport static org.junit.Assert.*;\n\npublic class Area${index}Test {\n${Array.from({ length: 6 }, (_unused, n) => `  @Test public void case${n}() { System.out.println("[worker-${n}] connect error, retrying (attempt 1 of 3)"); System.out.println("[worker-${n}] connected"); ${index === 20 && n === 3 ? 'assertEquals("order state", "SHIPPED", "PENDING");' : ''} }`).join('\n')}\n}\n`,
  ]),
);

/** Apache Maven. */
export const mvn: ToolScenarios = {
  tool: 'mvn',
  version: 'mvn --version | head -n 1',
  needs: ['mvn', 'javac'],
  scenarios: [
    {
      id: 'mvn-compile',
      title: 'A symbol that does not exist',
      fails: ['code.compile', 'never-fixable'],
      files: { 'pom.xml': pom(''), [app]: main('System.out.println(greeting);') },
      run: 'mvn -B compile',
      ci: true,
      cause: /ERROR.*cannot find symbol/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-test-failure',
      title: 'One of 270 tests fails',
      fails: ['test.assert', 'never-fixable'],
      files: { 'pom.xml': pom(junit), [app]: main(''), ...manyTests },
      run: 'mvn -B test',
      ci: true,
      cause: /case3\(com\.acme\.Area20Test\).*FAILURE!|Area20Test\.case3.*FAILURE!/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-test-error',
      title: 'A test ends in an exception',
      fails: ['test.assert', 'never-fixable'],
      files: { 'pom.xml': pom(junit), [appTest]: test('@Test public void parses() { Integer.parseInt("12a"); }') },
      run: 'mvn -B test',
      cause: /NumberFormatException: For input string/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-missing-artifact',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'pom.xml': pom(dependency('com.google.code.gson', 'gson', '2.99.0')) },
      run: 'mvn -B compile',
      cause: /Could not find artifact com\.google\.code\.gson:gson:jar:2\.99\.0/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-transfer-503',
      title: 'The company repository is down',
      fails: ['dep.remote', 'backoff'],
      files: { 'pom.xml': pom(dependency('com.acme', 'billing', '3.1.0'), repository('acme-releases', `${httpBase}/status/503`)) },
      run: 'mvn -B compile',
      cause: /Could not transfer artifact .* 503|status code: 503/,
    },
    {
      id: 'mvn-transfer-401',
      title: 'The company repository wants a login',
      fails: ['auth.registry', 'never'],
      files: { 'pom.xml': pom(dependency('com.acme', 'ledger', '3.1.0'), repository('acme-releases', `${httpBase}/status/401`)) },
      run: 'mvn -B compile',
      cause: /status code: 401|authentication failed/,
    },
    {
      id: 'mvn-transfer-refused',
      title: 'Nothing listens where the repository should',
      fails: ['network.refused', 'backoff'],
      files: { 'pom.xml': pom(dependency('com.acme', 'search', '3.1.0'), repository('acme-releases', `http://localhost:${ports.refused}/maven`)) },
      run: 'mvn -B compile',
      cause: /Connection refused/,
    },
    {
      id: 'mvn-unknown-host',
      title: 'The host of the repository does not resolve',
      fails: ['network.dns', 'backoff'],
      files: { 'pom.xml': pom(dependency('com.acme', 'mail', '3.1.0'), repository('acme-releases', 'https://maven.acme.invalid/releases')) },
      run: 'mvn -B compile',
      cause: /maven\.acme\.invalid: Name or service not known|Unknown host/,
    },
    {
      id: 'mvn-blocked-mirror',
      title: 'A repository over plain HTTP is blocked',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'pom.xml': pom(dependency('com.acme', 'maps', '3.1.0'), repository('acme-releases', 'http://maven.acme.invalid/releases')) },
      run: 'mvn -B compile',
      cause: /Blocked mirror for repositories/,
    },
    {
      id: 'mvn-enforcer',
      title: 'A rule of the enforcer is broken',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'pom.xml': pom('', enforcer) },
      run: 'mvn -B validate',
      cause: /RequireJavaVersion failed with message/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-bad-pom',
      title: 'A pom.xml that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'pom.xml': '<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>a</artifactId>\n</project>\n' },
      run: 'mvn -B compile',
      cause: /Non-parseable POM/,
    },
    {
      id: 'mvn-no-pom',
      title: 'No pom.xml in the folder',
      fails: ['config.invalid', 'never-fixable'],
      run: 'mvn -B verify',
      cause: /there is no POM in this directory/,
    },
    {
      id: 'mvn-unknown-phase',
      title: 'A phase that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'pom.xml': pom('') },
      run: 'mvn -B intall',
      cause: /Unknown lifecycle phase "intall"/,
    },
    {
      id: 'mvn-release',
      title: 'A compiler release that the JDK does not support',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'pom.xml': pom('').replaceAll('>17<', '>25<'), [app]: main('') },
      run: 'mvn -B compile',
      cause: /invalid target release: 25|release version 25 not supported|invalid source release/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-surefire-crash',
      title: 'The forked test machine exits',
      fails: ['test.crash', 'once'],
      files: { 'pom.xml': pom(junit), [appTest]: test('@Test public void stops() { Runtime.getRuntime().halt(3); }') },
      run: 'mvn -B test',
      cause: /The forked VM terminated without (properly saying|saying properly) goodbye/,
      limitSeconds: 300,
    },
    { id: 'mvn-compile-passes', title: 'A build with a deprecation warning', passes: true, files: { 'pom.xml': pom(''), [app]: main('System.out.println(new Integer(3));') }, run: 'mvn -B compile', limitSeconds: 300 },
    { id: 'mvn-test-passes', title: 'All tests pass', passes: true, files: { 'pom.xml': pom(junit), ...Object.fromEntries(Object.entries(manyTests).filter(([name]) => !name.includes('Area20'))) }, run: 'mvn -B test', ci: true, limitSeconds: 300 },
  ],
};

/** javac. */
export const javac: ToolScenarios = {
  tool: 'javac',
  version: 'javac -version 2>&1',
  needs: ['javac'],
  scenarios: [
    { id: 'javac-types', title: 'Incompatible types', fails: ['code.compile', 'never-fixable'], files: { 'App.java': 'class App {\n  int port = "80";\n}\n' }, run: 'javac App.java', cause: /error: incompatible types: String cannot be converted to int/ },
    { id: 'javac-package', title: 'A package that is not on the class path', fails: ['code.import', 'never-fixable'], files: { 'App.java': 'import org.slf4j.Logger;\n\nclass App {\n  Logger log;\n}\n' }, run: 'javac App.java', cause: /error: package org\.slf4j does not exist/ },
    { id: 'javac-semicolon', title: 'A missing semicolon', fails: ['code.compile', 'never-fixable'], files: { 'App.java': 'class App {\n  int port = 80\n}\n' }, run: 'javac App.java', cause: /error: ';' expected/ },
    { id: 'javac-exception', title: 'An exception that is not declared', fails: ['code.compile', 'never-fixable'], files: { 'App.java': 'import java.nio.file.*;\n\nclass App {\n  String read() { return Files.readString(Path.of("a")); }\n}\n' }, run: 'javac App.java', cause: /error: unreported exception IOException/ },
    { id: 'javac-werror', title: 'A warning that counts as an error', fails: ['code.compile', 'never-fixable'], files: { 'App.java': 'import java.util.*;\n\nclass App {\n  List<String> a = new ArrayList();\n}\n' }, run: 'javac -Xlint:all -Werror App.java', cause: /error: warnings found and -Werror specified/ },
    { id: 'javac-file', title: 'A file that does not exist', fails: ['os.missing', 'never-fixable'], run: 'javac src/Main.java', cause: /error: file not found: src\/Main\.java/ },
    { id: 'javac-disk', title: 'The disk is full while classes are written', fails: ['disk.full', 'once-elsewhere'], files: { 'App.java': `class App {\n${Array.from({ length: 400 }, (_, i) => `  class Inner${i} { String name() { return "number ${i}"; } }`).join('\n')}\n}\n` }, smallDisk: { path: 'out', size: '64k' }, run: 'javac -d out App.java', cause: /No space left on device/ },
    { id: 'javac-passes', title: 'A compilation with notes', passes: true, files: { 'App.java': 'import java.util.*;\n\nclass App {\n  List<String> a = new ArrayList();\n}\n' }, run: 'javac -verbose App.java' },
  ],
};

/** The Java launcher: programs that end badly. */
export const java: ToolScenarios = {
  tool: 'java',
  version: 'java -version 2>&1 | head -n 1',
  needs: ['java', 'javac'],
  scenarios: [
    { id: 'java-heap', title: 'The heap is full', fails: ['mem.oom', 'never-fixable'], files: { 'App.java': 'import java.util.*;\n\nclass App {\n  public static void main(String[] a) {\n    List<byte[]> keep = new ArrayList<>();\n    while (true) keep.add(new byte[1 << 20]);\n  }\n}\n' }, run: 'java -Xmx32m App.java', cause: /java\.lang\.OutOfMemoryError: Java heap space/ },
    { id: 'java-metaspace', title: 'The metaspace is full', fails: ['mem.oom', 'never-fixable'], files: { 'App.java': 'class App {\n  public static void main(String[] a) { System.out.println("started"); }\n}\n' }, run: 'java -XX:MaxMetaspaceSize=8m App.java', cause: /OutOfMemoryError: Metaspace/ },
    { id: 'java-null', title: 'A null reference', fails: ['code.runtime', 'never-fixable'], files: { 'App.java': 'class App {\n  static String name;\n  public static void main(String[] a) { System.out.println(name.length()); }\n}\n' }, run: 'java App.java', cause: /NullPointerException: Cannot invoke/ },
    { id: 'java-cause', title: 'An exception with a nested cause', fails: ['network.refused', 'backoff'], files: { 'App.java': `import java.io.*;\nimport java.net.*;\n\nclass App {\n  public static void main(String[] a) {\n    try { new Socket("127.0.0.1", ${ports.refused}); }\n    catch (IOException e) { throw new IllegalStateException("could not open the ledger", e); }\n  }\n}\n` }, run: 'java App.java', cause: /Caused by: java\.net\.ConnectException: Connection refused/ },
    { id: 'java-class', title: 'A main class that does not exist', fails: ['code.import', 'never-fixable'], run: 'java -cp target/classes com.acme.Main', cause: /Error: Could not find or load main class com\.acme\.Main/ },
    { id: 'java-jar', title: 'A jar that the build did not leave', fails: ['os.missing', 'never-fixable'], run: 'java -jar target/app.jar', cause: /Error: Unable to access jarfile/ },
    { id: 'java-version', title: 'A class compiled for a newer Java', fails: ['env.toolchain', 'never-fixable'], files: { 'App.java': 'class App {\n  public static void main(String[] a) {}\n}\n' }, prepare: "javac App.java && printf '\\000\\105' | dd of=App.class bs=1 seek=6 conv=notrunc status=none", run: 'java -cp . App', cause: /UnsupportedClassVersionError/ },
    { id: 'java-option', title: 'An option that the machine does not know', fails: ['config.invalid', 'never-fixable'], run: 'java -XX:MaxPermSpace=128m -version', cause: /Unrecognized VM option/ },
    { id: 'java-trust', title: 'A server with a certificate that nobody signed', fails: ['tls.trust', 'never'], files: { 'App.java': `import java.net.*;\n\nclass App {\n  public static void main(String[] a) throws Exception { new URL("https://localhost:${ports.selfSigned}/").openStream(); }\n}\n` }, run: 'java App.java', cause: /PKIX path building failed/ },
    { id: 'java-passes', title: 'A program that logs a caught exception', passes: true, files: { 'App.java': 'class App {\n  public static void main(String[] a) {\n    try { Integer.parseInt("x"); } catch (NumberFormatException e) { e.printStackTrace(); }\n    System.out.println("finished with default");\n  }\n}\n' }, run: 'java App.java' },
  ],
};

const settings = { 'settings.gradle': "rootProject.name = 'app'\n" };
const javaPlugin = "apply plugin: 'java'\nrepositories { maven { url 'file:/usr/share/maven-repo' } }\n";
const gradleRun = (task: string): string => `gradle --no-daemon --console=plain ${task}`;

/** Gradle, as the distribution ships it. */
export const gradle: ToolScenarios = {
  tool: 'gradle',
  version: 'gradle --version | sed -n "s/^Gradle //p"',
  needs: ['gradle', 'javac'],
  scenarios: [
    { id: 'gradle-compile', title: 'A symbol that does not exist', fails: ['code.compile', 'never-fixable'], files: { ...settings, 'build.gradle': javaPlugin, [app]: main('System.out.println(total);') }, run: gradleRun('build'), ci: true, cause: /error: cannot find symbol/, limitSeconds: 300 },
    { id: 'gradle-resolve', title: 'A dependency that no repository has', fails: ['dep.missing', 'never-fixable'], files: { ...settings, 'build.gradle': `${javaPlugin}dependencies { compile 'com.acme:billing:3.1.0' }\n`, [app]: main('') }, run: gradleRun('build'), cause: /Could not find com\.acme:billing:3\.1\.0/, limitSeconds: 300 },
    { id: 'gradle-503', title: 'The company repository is down', fails: ['dep.remote', 'backoff'], files: { ...settings, 'build.gradle': `apply plugin: 'java'\nrepositories { maven { url '${httpBase}/status/503' } }\ndependencies { compile 'com.acme:billing:3.1.0' }\n`, [app]: main('') }, run: gradleRun('build'), cause: /Received status code 503 from server/, limitSeconds: 300 },
    { id: 'gradle-403', title: 'The company repository refuses the request', fails: ['remote.blocked', 'wait'], files: { ...settings, 'build.gradle': `apply plugin: 'java'\nrepositories { maven { url '${httpBase}/status/403' } }\ndependencies { compile 'com.acme:billing:3.1.0' }\n`, [app]: main('') }, run: gradleRun('build'), cause: /Could not GET .*403|403 from server: Forbidden/, limitSeconds: 300 },
    { id: 'gradle-task', title: 'A task that does not exist', fails: ['config.invalid', 'never-fixable'], files: { ...settings, 'build.gradle': javaPlugin }, run: gradleRun('publishDocs'), cause: /Task 'publishDocs' not found in root project/, limitSeconds: 300 },
    { id: 'gradle-script', title: 'A build script with an unknown method', fails: ['config.invalid', 'never-fixable'], files: { ...settings, 'build.gradle': `${javaPlugin}dependecies { }\n` }, run: gradleRun('build'), cause: /Could not find method dependecies\(\)/, limitSeconds: 300 },
    { id: 'gradle-plugin', title: 'A plugin that is not found', fails: ['dep.missing', 'never-fixable'], files: { ...settings, 'build.gradle': "apply plugin: 'com.acme.conventions'\n" }, run: gradleRun('build'), cause: /Plugin with id 'com\.acme\.conventions' not found/, limitSeconds: 300 },
    { id: 'gradle-test', title: 'A check of the build fails', fails: ['test.assert', 'never-fixable'], files: { ...settings, 'build.gradle': "task check { doLast { exec { commandLine 'sh', '-c', 'echo 3 of 40 links are dead; exit 3' } } }\n" }, run: gradleRun('check'), cause: /3 of 40 links are dead/, limitSeconds: 300 },
    { id: 'gradle-passes', title: 'A build', passes: true, files: { ...settings, 'build.gradle': javaPlugin, [app]: main('System.out.println("error rate 0");') }, run: gradleRun('build'), limitSeconds: 300 },
  ],
};
