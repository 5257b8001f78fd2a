import type { FailingScenario, ToolScenarios } from '../scenario.ts';

const c = (
  id: string,
  title: string,
  source: string,
  cause: RegExp,
  more: Partial<FailingScenario> = {},
): FailingScenario => ({
  id,
  title,
  fails: ['code.compile', 'never-fixable'],
  files: { 'main.c': source },
  run: 'gcc -Wall -c main.c',
  cause,
  ...more,
});

const cpp = (
  id: string,
  title: string,
  source: string,
  cause: RegExp,
  more: Partial<FailingScenario> = {},
): FailingScenario => ({
  ...c(id, title, source, cause),
  files: { 'main.cpp': source },
  run: 'g++ -std=c++17 -Wall -c main.cpp',
  ...more,
});

const manySources = Object.fromEntries(
  Array.from({ length: 120 }, (_, index) => [
    `src/unit_${index}.c`,
    `#include "unit.h"\nint unit_${index}(int n) {\n  int unused_${index};\n  return ${index === 66 ? 'convert(n, "fast", 3)' : 'convert(n)'};\n}\n`,
  ]),
);

const manyMakefile =
  'SOURCES := $(sort $(wildcard src/*.c))\nOBJECTS := $(SOURCES:.c=.o)\nall: libunit.a\nlibunit.a: $(OBJECTS)\n\tar rcs $@ $^\n%.o: %.c\n\tgcc -Wall -Isrc -c $< -o $@\n';

/** The GNU C compiler. */
export const gcc: ToolScenarios = {
  tool: 'gcc',
  version: 'gcc --version | head -n 1',
  needs: ['gcc'],
  scenarios: [
    c(
      'gcc-header',
      'A header that is not on the machine',
      '#include <openssl_acme.h>\n',
      /fatal error: openssl_acme\.h: No such file or directory/,
      { fails: ['dep.native', 'never-fixable'] },
    ),
    c(
      'gcc-undeclared',
      'A name that nothing declares',
      'int main(void) { return port; }\n',
      /error: .port. undeclared/,
      { run: 'gcc -fdiagnostics-color=always -c main.c' },
    ),
    c(
      'gcc-syntax',
      'A missing semicolon',
      'int main(void) { int a = 1 return a; }\n',
      /error: expected .,. or .;. before .return./,
    ),
    c(
      'gcc-werror',
      'A warning that counts as an error',
      'int main(void) { int a; return 0; }\n',
      /error: unused variable .a. \[-Werror=unused-variable\]/,
      { run: 'gcc -Wall -Werror -c main.c' },
    ),
    c(
      'gcc-arguments',
      'One of 120 sources calls a function wrongly, through make',
      '',
      /error: too many arguments to function .convert./,
      {
        files: { Makefile: manyMakefile, 'src/unit.h': 'int convert(int n);\n', ...manySources },
        needs: ['make'],
        run: 'make -k -j2',
        ci: true,
      },
    ),
    c(
      'gcc-undefined-reference',
      'A symbol that no object has',
      'int start(void);\nint main(void) { return start(); }\n',
      /undefined reference to `start'/,
      { run: 'gcc main.c -o main' },
    ),
    c(
      'gcc-library',
      'A library that is not on the machine',
      'int main(void) { return 0; }\n',
      /cannot find -lacme/,
      { run: 'gcc main.c -lacme -o main', fails: ['dep.native', 'never-fixable'] },
    ),
    c('gcc-no-input', 'A source that does not exist', '', /error: .*: No such file or directory/, {
      files: {},
      run: 'gcc -c src/app.c',
      fails: ['os.missing', 'never-fixable'],
    }),
    c(
      'gcc-option',
      'An option that the compiler does not know',
      'int a;\n',
      /error: unrecognized command-line option/,
      { run: 'gcc -fno-such-option -c main.c', fails: ['config.invalid', 'never-fixable'] },
    ),
    c(
      'gcc-memory',
      'The compiler runs out of memory',
      '#include <stdio.h>\nint table[] = {\n#define A(x) x, x, x, x, x, x, x, x, x, x\n#define B(x) A(x), A(x), A(x), A(x), A(x), A(x), A(x), A(x), A(x), A(x)\n#define C(x) B(x), B(x), B(x), B(x), B(x), B(x), B(x), B(x), B(x), B(x)\n#define D(x) C(x), C(x), C(x), C(x), C(x), C(x), C(x), C(x), C(x), C(x)\n#define E(x) D(x), D(x), D(x), D(x), D(x), D(x), D(x), D(x), D(x), D(x)\nE(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), D(1), D(2), D(3), D(4), D(5), D(6), D(7), D(8), D(9), D(10), D(11), D(12)\n};\n',
      /cc1: out of memory|virtual memory exhausted|cannot allocate memory/i,
      { run: 'ulimit -v 80000\ngcc -O2 -c main.c', fails: ['mem.oom', 'once-elsewhere'] },
    ),
    c(
      'gcc-disk',
      'The disk is full while an object is written',
      'char filler[4000000] = {1};\nint main(void) { return filler[1]; }\n',
      /No space left on device|file truncated|final close failed/,
      {
        run: 'gcc -c main.c -o out/main.o',
        smallDisk: { path: 'out', size: '64k' },
        fails: ['disk.full', 'once-elsewhere'],
      },
    ),
    {
      id: 'gcc-passes',
      title: 'A compilation with warnings',
      passes: true,
      files: { 'main.c': 'int main(void) { int error; return 0; }\n' },
      run: 'gcc -Wall -v main.c -o main',
    },
  ],
};

/** The GNU C++ compiler. */
export const gxx: ToolScenarios = {
  tool: 'g++',
  version: 'g++ --version | head -n 1',
  needs: ['g++'],
  scenarios: [
    cpp(
      'gxx-conversion',
      'A conversion that does not exist',
      '#include <string>\nint main() { std::string a = 1; }\n',
      /error: conversion from .int. to non-scalar type/,
    ),
    cpp(
      'gxx-template',
      'A long template error',
      '#include <algorithm>\n#include <list>\nint main() { std::list<int> l; std::sort(l.begin(), l.end()); }\n',
      /error: no match for .operator-./,
    ),
    cpp(
      'gxx-member',
      'A member that does not exist',
      '#include <vector>\nint main() { std::vector<int> v; v.push(1); }\n',
      /has no member named .push./,
      { run: 'g++ -fdiagnostics-color=always -c main.cpp' },
    ),
    cpp(
      'gxx-vtable',
      'A virtual function without a body',
      'struct A { virtual ~A(); };\nint main() { A a; }\n',
      /undefined reference to `vtable for A'|undefined reference to `A::~A\(\)'/,
      { run: 'g++ main.cpp -o main' },
    ),
    cpp(
      'gxx-duplicate',
      'A function defined in two files',
      'int port() { return 1; }\nint main() { return port(); }\n',
      /multiple definition of `port\(\)'/,
      {
        files: {
          'main.cpp': 'int port() { return 1; }\nint main() { return port(); }\n',
          'b.cpp': 'int port() { return 2; }\n',
        },
        run: 'g++ main.cpp b.cpp -o main',
      },
    ),
    cpp(
      'gxx-standard',
      'A language version that the compiler does not know',
      'int a;\n',
      /error: unrecognized command-line option .-std=c\+\+29/,
      { run: 'g++ -std=c++29 -c main.cpp', fails: ['env.toolchain', 'never-fixable'] },
    ),
    {
      id: 'gxx-passes',
      title: 'A compilation with a deprecation warning',
      passes: true,
      files: { 'main.cpp': '[[deprecated("errors are lost")]] void f() {}\nint main() { f(); }\n' },
      run: 'g++ -Wall main.cpp -o main',
    },
  ],
};
