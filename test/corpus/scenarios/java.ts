import { ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

/** javac. */
export const javac: ToolScenarios = {
  tool: 'javac',
  version: 'javac -version 2>&1',
  needs: ['javac'],
  scenarios: [
    {
      id: 'javac-types',
      title: 'Incompatible types',
      fails: ['code.compile', 'never-fixable'],
      files: { 'App.java': 'class App {\n  int port = "80";\n}\n' },
      run: 'javac App.java',
      cause: /error: incompatible types: String cannot be converted to int/,
    },
    {
      id: 'javac-package',
      title: 'A package that is not on the class path',
      fails: ['code.import', 'never-fixable'],
      files: { 'App.java': 'import org.slf4j.Logger;\n\nclass App {\n  Logger log;\n}\n' },
      run: 'javac App.java',
      cause: /error: package org\.slf4j does not exist/,
    },
    {
      id: 'javac-semicolon',
      title: 'A missing semicolon',
      fails: ['code.compile', 'never-fixable'],
      files: { 'App.java': 'class App {\n  int port = 80\n}\n' },
      run: 'javac App.java',
      cause: /error: ';' expected/,
    },
    {
      id: 'javac-exception',
      title: 'An exception that is not declared',
      fails: ['code.compile', 'never-fixable'],
      files: {
        'App.java':
          'import java.nio.file.*;\n\nclass App {\n  String read() { return Files.readString(Path.of("a")); }\n}\n',
      },
      run: 'javac App.java',
      cause: /error: unreported exception IOException/,
    },
    {
      id: 'javac-werror',
      title: 'A warning that counts as an error',
      fails: ['code.compile', 'never-fixable'],
      files: { 'App.java': 'import java.util.*;\n\nclass App {\n  List<String> a = new ArrayList();\n}\n' },
      run: 'javac -Xlint:all -Werror App.java',
      cause: /error: warnings found and -Werror specified/,
    },
    {
      id: 'javac-file',
      title: 'A file that does not exist',
      fails: ['os.missing', 'never-fixable'],
      run: 'javac src/Main.java',
      cause: /error: file not found: src\/Main\.java/,
    },
    {
      id: 'javac-disk',
      title: 'The disk is full while classes are written',
      fails: ['disk.full', 'once-elsewhere'],
      files: {
        'App.java': `class App {\n${Array.from({ length: 400 }, (_, i) => `  class Inner${i} { String name() { return "number ${i}"; } }`).join('\n')}\n}\n`,
      },
      smallDisk: { path: 'out', size: '64k' },
      run: 'javac -d out App.java',
      cause: /No space left on device/,
    },
    {
      id: 'javac-passes',
      title: 'A compilation with notes',
      passes: true,
      files: { 'App.java': 'import java.util.*;\n\nclass App {\n  List<String> a = new ArrayList();\n}\n' },
      run: 'javac -verbose App.java',
    },
  ],
};

/** The Java launcher: programs that end badly. */
export const java: ToolScenarios = {
  tool: 'java',
  version: 'java -version 2>&1 | head -n 1',
  needs: ['java', 'javac'],
  scenarios: [
    {
      id: 'java-heap',
      title: 'The heap is full',
      fails: ['mem.oom', 'never-fixable'],
      files: {
        'App.java':
          'import java.util.*;\n\nclass App {\n  public static void main(String[] a) {\n    List<byte[]> keep = new ArrayList<>();\n    while (true) keep.add(new byte[1 << 20]);\n  }\n}\n',
      },
      run: 'java -Xmx32m App.java',
      cause: /java\.lang\.OutOfMemoryError: Java heap space/,
    },
    {
      id: 'java-metaspace',
      title: 'The metaspace is full',
      fails: ['mem.oom', 'never-fixable'],
      files: {
        'App.java':
          'class App {\n  public static void main(String[] a) { System.out.println("started"); }\n}\n',
      },
      run: 'java -XX:MaxMetaspaceSize=8m App.java',
      cause: /OutOfMemoryError: Metaspace/,
    },
    {
      id: 'java-null',
      title: 'A null reference',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'App.java':
          'class App {\n  static String name;\n  public static void main(String[] a) { System.out.println(name.length()); }\n}\n',
      },
      run: 'java App.java',
      cause: /NullPointerException: Cannot invoke/,
    },
    {
      id: 'java-cause',
      title: 'An exception with a nested cause',
      fails: ['network.refused', 'backoff'],
      files: {
        'App.java': `import java.io.*;\nimport java.net.*;\n\nclass App {\n  public static void main(String[] a) {\n    try { new Socket("127.0.0.1", ${ports.refused}); }\n    catch (IOException e) { throw new IllegalStateException("could not open the ledger", e); }\n  }\n}\n`,
      },
      run: 'java App.java',
      cause: /Caused by: java\.net\.ConnectException: Connection refused/,
    },
    {
      id: 'java-class',
      title: 'A main class that does not exist',
      fails: ['code.import', 'never-fixable'],
      run: 'java -cp target/classes com.acme.Main',
      cause: /Error: Could not find or load main class com\.acme\.Main/,
    },
    {
      id: 'java-jar',
      title: 'A jar that the build did not leave',
      fails: ['os.missing', 'never-fixable'],
      run: 'java -jar target/app.jar',
      cause: /Error: Unable to access jarfile/,
    },
    {
      id: 'java-version',
      title: 'A class compiled for a newer Java',
      fails: ['env.toolchain', 'never-fixable'],
      files: { 'App.java': 'class App {\n  public static void main(String[] a) {}\n}\n' },
      prepare: "javac App.java && printf '\\000\\105' | dd of=App.class bs=1 seek=6 conv=notrunc status=none",
      run: 'java -cp . App',
      cause: /UnsupportedClassVersionError/,
    },
    {
      id: 'java-option',
      title: 'An option that the machine does not know',
      fails: ['config.invalid', 'never-fixable'],
      run: 'java -XX:MaxPermSpace=128m -version',
      cause: /Unrecognized VM option/,
    },
    {
      id: 'java-trust',
      title: 'A server with a certificate that nobody signed',
      fails: ['tls.trust', 'never'],
      files: {
        'App.java': `import java.net.*;\n\nclass App {\n  public static void main(String[] a) throws Exception { new URL("https://localhost:${ports.selfSigned}/").openStream(); }\n}\n`,
      },
      run: 'java App.java',
      cause: /PKIX path building failed/,
    },
    {
      id: 'java-passes',
      title: 'A program that logs a caught exception',
      passes: true,
      files: {
        'App.java':
          'class App {\n  public static void main(String[] a) {\n    try { Integer.parseInt("x"); } catch (NumberFormatException e) { e.printStackTrace(); }\n    System.out.println("finished with default");\n  }\n}\n',
      },
      run: 'java App.java',
    },
  ],
};
