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

const main = (body: string): string =>
  `package com.acme;\n\npublic class App {\n  public static void main(String[] args) {\n    ${body}\n  }\n}\n`;

const test = (body: string): string =>
  `package com.acme;\n\nimport org.junit.Test;\nimport static org.junit.Assert.*;\n\npublic class AppTest {\n  ${body}\n}\n`;

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
  version: 'mvn -B --version | head -n 1',
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
      files: {
        'pom.xml': pom(junit),
        [appTest]: test('@Test public void parses() { Integer.parseInt("12a"); }'),
      },
      run: 'mvn -B test',
      cause: /NumberFormatException: For input string/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-missing-artifact',
      title: 'A version that was never published',
      fails: ['dep.missing', 'never-fixable'],
      files: { 'pom.xml': pom(dependency('com.google.code.gson', 'gson', '2.99.0')) },
      run: 'mvn -B -U compile',
      cause: /Could not find artifact com\.google\.code\.gson:gson:jar:2\.99\.0/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-transfer-503',
      title: 'The company repository is down',
      fails: ['dep.remote', 'backoff'],
      files: {
        'pom.xml': pom(
          dependency('com.acme', 'billing', '3.1.0'),
          repository('acme-releases', `${httpBase}/status/503`),
        ),
      },
      run: 'mvn -B -U compile',
      cause: /Could not transfer artifact .* 503|status code: 503/,
    },
    {
      id: 'mvn-transfer-401',
      title: 'The company repository wants a login',
      fails: ['auth.registry', 'never'],
      files: {
        'pom.xml': pom(
          dependency('com.acme', 'ledger', '3.1.0'),
          repository('acme-releases', `${httpBase}/status/401`),
        ),
      },
      run: 'mvn -B -U compile',
      cause: /status code: 401|authentication failed/,
    },
    {
      id: 'mvn-transfer-refused',
      title: 'Nothing listens where the repository should',
      fails: ['network.refused', 'backoff'],
      files: {
        'pom.xml': pom(
          dependency('com.acme', 'search', '3.1.0'),
          repository('acme-releases', `http://localhost:${ports.refused}/maven`),
        ),
      },
      run: 'mvn -B -U compile',
      cause: /Connection refused/,
    },
    {
      id: 'mvn-unknown-host',
      title: 'The host of the repository does not resolve',
      fails: ['network.dns', 'backoff'],
      files: {
        'pom.xml': pom(
          dependency('com.acme', 'mail', '3.1.0'),
          repository('acme-releases', 'https://maven.acme.invalid/releases'),
        ),
      },
      run: 'mvn -B -U compile',
      cause: /maven\.acme\.invalid: Name or service not known|Unknown host/,
    },
    {
      id: 'mvn-blocked-mirror',
      title: 'A repository over plain HTTP is blocked',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'pom.xml': pom(
          dependency('com.acme', 'maps', '3.1.0'),
          repository('acme-releases', 'http://maven.acme.invalid/releases'),
        ),
      },
      run: 'mvn -B -U compile',
      cause: /Blocked mirror for repositories/,
    },
    {
      id: 'mvn-enforcer',
      title: 'A rule of the enforcer is broken',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'pom.xml': pom('', enforcer) },
      run: 'mvn -B -X validate',
      ci: true,
      cause: /RequireJavaVersion failed with message/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-bad-pom',
      title: 'A pom.xml that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: {
        'pom.xml': '<project>\n  <modelVersion>4.0.0</modelVersion>\n  <groupId>a</artifactId>\n</project>\n',
      },
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
      run: 'mvn -B -e compile',
      cause: /invalid target release: 25|release version 25 not supported|invalid source release/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-surefire-crash',
      title: 'The forked test machine exits',
      fails: ['test.crash', 'once'],
      files: {
        'pom.xml': pom(junit),
        [appTest]: test('@Test public void stops() { Runtime.getRuntime().halt(3); }'),
      },
      run: 'mvn -B test',
      cause: /The forked VM terminated without (properly saying|saying properly) goodbye/,
      limitSeconds: 300,
    },
    {
      id: 'mvn-compile-passes',
      title: 'A build with a deprecation warning',
      passes: true,
      files: { 'pom.xml': pom(''), [app]: main('System.out.println(new Integer(3));') },
      run: 'mvn -B compile',
      limitSeconds: 300,
    },
    {
      id: 'mvn-test-passes',
      title: 'All tests pass',
      passes: true,
      files: {
        'pom.xml': pom(junit),
        ...Object.fromEntries(Object.entries(manyTests).filter(([name]) => !name.includes('Area20'))),
      },
      run: 'mvn -B test',
      ci: true,
      limitSeconds: 300,
    },
  ],
};
