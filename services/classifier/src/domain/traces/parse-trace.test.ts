import { describe, expect, it } from 'vitest';
import { parseCrash } from './crash-report.ts';
import { parseTrace } from './parse-trace.ts';

const parse = (text: string) => parseTrace(text.split('\n').map((line) => line.trim()));
const inApp = (text: string) =>
  parse(text)
    ?.frames.filter((frame) => frame.inApp)
    .map((frame) => frame.function);

const traces: readonly (readonly [string, string, string, string, readonly string[]])[] = [
  [
    'java',
    'java.io.IOException',
    'disk',
    'java.lang.IllegalStateException: outer\n\tat com.acme.A.b(A.java:3)\n\tat java.base/java.lang.Thread.run(Thread.java:829)\nCaused by: java.io.IOException: disk\n\tat com.acme.Disk.read(Disk.java:77)\n\tat java.base/java.io.File.read(File.java:1)\n\t... 3 more',
    ['com.acme.Disk.read'],
  ],
  [
    'javascript',
    'Error',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)\n    at handle (/srv/app/node_modules/express/lib/router.js:9:1)\n    at async main (/srv/app/src/index.js:3:4)',
    ['main'],
  ],
  [
    'python',
    'KeyError',
    "'x'",
    'Traceback (most recent call last):\n  File "/app/a.py", line 3, in load\n    return d["x"]\nKeyError: \'x\'\n\nThe above exception was the direct cause of the following exception:\n\nTraceback (most recent call last):\n  File "/app/b.py", line 9, in main\n    load()\nRuntimeError: no',
    ['load'],
  ],
  [
    'go',
    'panic',
    'boom',
    'panic: boom\n\ngoroutine 1 [running]:\nmain.f(...)\n\t/app/main.go:4\nruntime.goexit()\n\t/usr/local/go/src/runtime/asm.s:8 +0x1d\nmain.main()\n\t/app/main.go:8 +0x1d\nexit status 2',
    ['main.f', 'main.main'],
  ],
  [
    'rust',
    'panic',
    'boom',
    "thread 'main' panicked at src/main.rs:2:5:\nboom\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/abcdef0/library/std/src/panicking.rs:645:5\n   1: app::run\n             at ./src/main.rs:2:5",
    ['app::run'],
  ],
  [
    'dotnet',
    'System.InvalidOperationException',
    'no',
    'Unhandled exception. System.InvalidOperationException: no\n   at App.Program.Run(Int32 x) in /src/Program.cs:line 12\n   at System.Threading.Tasks.Task.Wait()',
    ['App.Program.Run'],
  ],
  [
    'ruby',
    'NoMethodError',
    "undefined method `x' for nil:NilClass",
    "/app/lib/a.rb:3:in `foo': undefined method `x' for nil:NilClass (NoMethodError)\n\tfrom /usr/lib/ruby/gems/2.7.0/gems/rake-13/lib/rake.rb:1:in `run'\n\tfrom /app/lib/a.rb:9:in `<main>'",
    ['foo', '<main>'],
  ],
  [
    'php',
    'RuntimeException',
    'no',
    'PHP Fatal error:  Uncaught RuntimeException: no in /app/a.php:3\nStack trace:\n#0 /app/b.php(4): App\\Foo->bar()\n#1 {main}',
    ['App\\Foo->bar'],
  ],
  [
    'native',
    'heap-buffer-overflow',
    'heap-buffer-overflow on address 0x602000000011 at pc 0x4f0',
    '==1==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000011 at pc 0x4f0\n    #0 0x4f3520 in __asan_memcpy /src/asan.cpp:3\n    #1 0x4f3521 in acme::copy(char const*, int) /src/acme/copy.cc:9:2',
    ['acme::copy'],
  ],
];

describe('parseTrace', () => {
  it.each(traces)('reads %s', (language, type, message, text, frames) => {
    expect(parse(text)).toMatchObject({ language, type, message });
    expect(inApp(text)).toEqual(frames);
  });

  it('prints recursion once and keeps at most 30 frames', () => {
    const deep = Array.from(
      { length: 3000 },
      (_, depth) => `\tat com.acme.R.${depth % 2 === 0 ? 'f' : 'g'}(R.java:${depth % 2})`,
    );
    expect(parse(`java.lang.StackOverflowError\n${deep.join('\n')}`)?.frames).toHaveLength(2);
    const wide = Array.from({ length: 100 }, (_, depth) => `\tat com.acme.R.f${depth}x(R.java:1)`);
    expect(parse(`java.lang.Error: x\n${wide.join('\n')}`)?.frames).toHaveLength(30);
  });

  it('finds none in prose', () => {
    expect(parse('look at that\nfrom here to there\n1: one')).toBeUndefined();
  });
});

describe('parseCrash', () => {
  it('names the kind of a crash and its state, without the frames of the sanitizer', () => {
    const text =
      '==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x60f00003b280 at pc 0x7efd\nREAD of size 8 at 0x60f00003b280 thread T0\n#0 0x7efd4a2a3e00 in __interceptor_memcpy\n#1 0x7efd4a2a3e02 in acme::Ledger::close() /src/ledger.cc:1:1\n#2 0x7efd4a29f60e in acme::(anonymous namespace)::settle(int) /src/settle.cc:1:1\n#3 0x1234567 in LLVMFuzzerTestOneInput /src/fuzz/ledger_fuzzer.cc:3:1\n#4 0x1234568 in main /src/x.cc:1';
    expect(parseCrash(text.split('\n'))).toMatchObject({
      type: 'Heap-use-after-free\nREAD 8',
      state: ['acme::Ledger::close', 'acme::settle', 'ledger_fuzzer.cc'],
    });
  });

  it('heads the state with what was asserted, without the compared values', () => {
    const text =
      '[1:1:FATAL:ledger.cc(48)] Check failed: balance == total (3 vs. 16)\n#0 0x123456 in acme::Ledger::close() /src/ledger.cc:1:1';
    expect(parseCrash(text.split('\n'))).toMatchObject({
      type: 'CHECK failure',
      state: ['balance == total in ledger.cc', 'acme::Ledger::close'],
    });
  });
});
