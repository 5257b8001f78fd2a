import type { FailingScenario, ToolScenarios } from '../scenario.ts';

const c = (id: string, title: string, source: string, cause: RegExp, more: Partial<FailingScenario> = {}): FailingScenario => ({
  id,
  title,
  fails: ['code.compile', 'never-fixable'],
  files: { 'main.c': source },
  run: 'gcc -Wall -c main.c',
  cause,
  ...more,
});

const cpp = (id: string, title: string, source: string, cause: RegExp, more: Partial<FailingScenario> = {}): FailingScenario => ({
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

const manyMakefile = 'SOURCES := $(sort $(wildcard src/*.c))\nOBJECTS := $(SOURCES:.c=.o)\nall: libunit.a\nlibunit.a: $(OBJECTS)\n\tar rcs $@ $^\n%.o: %.c\n\tgcc -Wall -Isrc -c $< -o $@\n';

/** The GNU C compiler. */
export const gcc: ToolScenarios = {
  tool: 'gcc',
  version: 'gcc --version | head -n 1',
  needs: ['gcc'],
  scenarios: [
    c('gcc-header', 'A header that is not on the machine', '#include <openssl_acme.h>\n', /fatal error: openssl_acme\.h: No such file or directory/, { fails: ['dep.native', 'never-fixable'] }),
    c('gcc-undeclared', 'A name that nothing declares', 'int main(void) { return port; }\n', /error: .port. undeclared/, { run: 'gcc -fdiagnostics-color=always -c main.c' }),
    c('gcc-syntax', 'A missing semicolon', 'int main(void) { int a = 1 return a; }\n', /error: expected .,. or .;. before .return./),
    c('gcc-werror', 'A warning that counts as an error', 'int main(void) { int a; return 0; }\n', /error: unused variable .a. \[-Werror=unused-variable\]/, { run: 'gcc -Wall -Werror -c main.c' }),
    c('gcc-arguments', 'One of 120 sources calls a function wrongly, through make', '', /error: too many arguments to function .convert./, { files: { Makefile: manyMakefile, 'src/unit.h': 'int convert(int n);\n', ...manySources }, needs: ['make'], run: 'make -k -j2', ci: true }),
    c('gcc-undefined-reference', 'A symbol that no object has', 'int start(void);\nint main(void) { return start(); }\n', /undefined reference to `start'/, { run: 'gcc main.c -o main' }),
    c('gcc-library', 'A library that is not on the machine', 'int main(void) { return 0; }\n', /cannot find -lacme/, { run: 'gcc main.c -lacme -o main', fails: ['dep.native', 'never-fixable'] }),
    c('gcc-no-input', 'A source that does not exist', '', /error: .*: No such file or directory/, { files: {}, run: 'gcc -c src/app.c', fails: ['os.missing', 'never-fixable'] }),
    c('gcc-option', 'An option that the compiler does not know', 'int a;\n', /error: unrecognized command-line option/, { run: 'gcc -fno-such-option -c main.c', fails: ['config.invalid', 'never-fixable'] }),
    c('gcc-memory', 'The compiler runs out of memory', '#include <stdio.h>\nint table[] = {\n#define A(x) x, x, x, x, x, x, x, x, x, x\n#define B(x) A(x), A(x), A(x), A(x), A(x), A(x), A(x), A(x), A(x), A(x)\n#define C(x) B(x), B(x), B(x), B(x), B(x), B(x), B(x), B(x), B(x), B(x)\n#define D(x) C(x), C(x), C(x), C(x), C(x), C(x), C(x), C(x), C(x), C(x)\n#define E(x) D(x), D(x), D(x), D(x), D(x), D(x), D(x), D(x), D(x), D(x)\nE(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), E(0), D(1), D(2), D(3), D(4), D(5), D(6), D(7), D(8), D(9), D(10), D(11), D(12)\n};\n', /cc1: out of memory|virtual memory exhausted|cannot allocate memory/i, { run: 'ulimit -v 80000\ngcc -O2 -c main.c', fails: ['mem.oom', 'once-elsewhere'] }),
    c('gcc-disk', 'The disk is full while an object is written', 'char filler[4000000] = {1};\nint main(void) { return filler[1]; }\n', /No space left on device|file truncated|final close failed/, { run: 'gcc -c main.c -o out/main.o', smallDisk: { path: 'out', size: '64k' }, fails: ['disk.full', 'once-elsewhere'] }),
    { id: 'gcc-passes', title: 'A compilation with warnings', passes: true, files: { 'main.c': 'int main(void) { int error; return 0; }\n' }, run: 'gcc -Wall -v main.c -o main' },
  ],
};

/** The GNU C++ compiler. */
export const gxx: ToolScenarios = {
  tool: 'g++',
  version: 'g++ --version | head -n 1',
  needs: ['g++'],
  scenarios: [
    cpp('gxx-conversion', 'A conversion that does not exist', '#include <string>\nint main() { std::string a = 1; }\n', /error: conversion from .int. to non-scalar type/),
    cpp('gxx-template', 'A long template error', '#include <algorithm>\n#include <list>\nint main() { std::list<int> l; std::sort(l.begin(), l.end()); }\n', /error: no match for .operator-./),
    cpp('gxx-member', 'A member that does not exist', '#include <vector>\nint main() { std::vector<int> v; v.push(1); }\n', /has no member named .push./, { run: 'g++ -fdiagnostics-color=always -c main.cpp' }),
    cpp('gxx-vtable', 'A virtual function without a body', 'struct A { virtual ~A(); };\nint main() { A a; }\n', /undefined reference to `vtable for A'|undefined reference to `A::~A\(\)'/, { run: 'g++ main.cpp -o main' }),
    cpp('gxx-duplicate', 'A function defined in two files', 'int port() { return 1; }\nint main() { return port(); }\n', /multiple definition of `port\(\)'/, { files: { 'main.cpp': 'int port() { return 1; }\nint main() { return port(); }\n', 'b.cpp': 'int port() { return 2; }\n' }, run: 'g++ main.cpp b.cpp -o main' }),
    cpp('gxx-standard', 'A language version that the compiler does not know', 'int a;\n', /error: unrecognized command-line option .-std=c\+\+29/, { run: 'g++ -std=c++29 -c main.cpp', fails: ['env.toolchain', 'never-fixable'] }),
    { id: 'gxx-passes', title: 'A compilation with a deprecation warning', passes: true, files: { 'main.cpp': '[[deprecated("errors are lost")]] void f() {}\nint main() { f(); }\n' }, run: 'g++ -Wall main.cpp -o main' },
  ],
};

const lists = (body: string): string => `cmake_minimum_required(VERSION 3.16)\nproject(app C)\n${body}\n`;

/** CMake and its test driver. */
export const cmake: ToolScenarios = {
  tool: 'cmake',
  version: 'cmake --version | head -n 1',
  needs: ['cmake', 'make', 'gcc'],
  scenarios: [
    { id: 'cmake-package', title: 'A package that is not on the machine', fails: ['dep.native', 'never-fixable'], files: { 'CMakeLists.txt': lists('find_package(Acme REQUIRED)') }, run: 'cmake -B build', ci: true, cause: /Could not find a package configuration file provided by "Acme"|By not providing "FindAcme\.cmake"/ },
    { id: 'cmake-command', title: 'A command that does not exist', fails: ['config.invalid', 'never-fixable'], files: { 'CMakeLists.txt': lists('add_binary(app main.c)') }, run: 'cmake -B build', cause: /Unknown CMake command "add_binary"/ },
    { id: 'cmake-source', title: 'A source that does not exist', fails: ['config.invalid', 'never-fixable'], files: { 'CMakeLists.txt': lists('add_executable(app main.c)') }, run: 'cmake -B build', cause: /Cannot find source file/ },
    { id: 'cmake-version', title: 'The project asks for a newer CMake', fails: ['env.toolchain', 'never-fixable'], files: { 'CMakeLists.txt': 'cmake_minimum_required(VERSION 9.0)\n' }, run: 'cmake -B build', cause: /CMake 9\.0 or higher is required/ },
    { id: 'cmake-compiler', title: 'A compiler that is not installed', fails: ['env.toolchain', 'never-fixable'], files: { 'CMakeLists.txt': lists('') }, env: { CC: 'acme-cc' }, run: 'cmake -B build', cause: /Could not find compiler set in environment variable CC/ },
    { id: 'cmake-no-lists', title: 'No CMakeLists.txt', fails: ['config.invalid', 'never-fixable'], run: 'cmake -S . -B build', cause: /does not appear to contain CMakeLists\.txt/ },
    { id: 'cmake-fetch', title: 'A download during the configuration fails', fails: ['network.refused', 'backoff'], files: { 'CMakeLists.txt': lists('file(DOWNLOAD http://127.0.0.1:21007/acme.tar.gz acme.tar.gz STATUS s)\nlist(GET s 1 text)\nlist(GET s 0 code)\nif(code)\n  message(FATAL_ERROR "download of acme failed: ${text}")\nendif()') }, run: 'cmake -B build', cause: /download of acme failed: / },
    { id: 'cmake-ctest', title: 'A test of ctest fails', fails: ['test.assert', 'never-fixable'], files: { 'CMakeLists.txt': lists('enable_testing()\nadd_test(NAME ledger COMMAND sh -c "echo balance 3 != 4; exit 1")\nadd_test(NAME error_codes COMMAND true)') }, run: 'cmake -B build > configure.log\nctest --test-dir build --output-on-failure', cause: /balance 3 != 4/ },
    { id: 'cmake-ctest-timeout', title: 'A test of ctest hangs', fails: ['test.timeout', 'once'], files: { 'CMakeLists.txt': lists('enable_testing()\nadd_test(NAME drain COMMAND sleep 30)') }, run: 'cmake -B build > configure.log\nctest --test-dir build --timeout 1', cause: /\*\*\*Timeout/ },
    { id: 'cmake-passes', title: 'A configuration and a build', passes: true, files: { 'CMakeLists.txt': lists('add_executable(app main.c)'), 'main.c': 'int main(void) { return 0; }\n' }, run: 'cmake -B build && cmake --build build', ci: true },
  ],
};

/** GNU make. */
export const make: ToolScenarios = {
  tool: 'make',
  version: 'make --version | head -n 1',
  needs: ['make'],
  scenarios: [
    { id: 'make-no-rule', title: 'A prerequisite that no rule makes', fails: ['config.invalid', 'never-fixable'], files: { Makefile: 'app: main.o\n\tcc -o app main.o\n' }, run: 'make', cause: /No rule to make target 'main\.o'/ },
    { id: 'make-separator', title: 'Spaces where a tab must be', fails: ['config.invalid', 'never-fixable'], files: { Makefile: 'all:\n    echo hello\n' }, run: 'make', cause: /missing separator/ },
    { id: 'make-no-makefile', title: 'No makefile', fails: ['config.invalid', 'never-fixable'], run: 'make', cause: /No targets specified and no makefile found/ },
    { id: 'make-command', title: 'A recipe calls a program that is not installed', fails: ['env.toolchain', 'never-fixable'], files: { Makefile: 'release:\n\tgoreleaser-acme --clean\n' }, run: 'make release', ci: true, cause: /goreleaser-acme: (No such file or directory|not found)/ },
    { id: 'make-undefined', title: 'A variable that the makefile requires is not set', fails: ['env.config', 'never'], files: { Makefile: 'ifndef VERSION\n$(error VERSION is not set)\nendif\nall:\n\techo $(VERSION)\n' }, run: 'make', cause: /VERSION is not set/ },
    { id: 'make-deep', title: 'A recipe three makefiles down fails', fails: ['test.assert', 'never-fixable'], files: { Makefile: 'all:\n\t$(MAKE) -C services\n', 'services/Makefile': 'all:\n\t$(MAKE) -C billing test\n', 'services/billing/Makefile': 'test:\n\t@for i in 1 2 3 4 5 6; do echo "case $$i ok"; done\n\t@echo "case 7 FAILED: expected 12.50, got 12.49"\n\t@exit 1\n' }, run: 'make', cause: /case 7 FAILED/ },
    { id: 'make-passes', title: 'A build with an ignored error', passes: true, files: { Makefile: 'all:\n\t-rm missing-file\n\techo done\n' }, run: 'make' },
  ],
};

/** Ninja. */
export const ninja: ToolScenarios = {
  tool: 'ninja',
  version: 'ninja --version',
  needs: ['ninja', 'gcc'],
  scenarios: [
    { id: 'ninja-missing', title: 'An input that nothing makes', fails: ['config.invalid', 'never-fixable'], files: { 'build.ninja': 'rule cc\n  command = gcc -c $in -o $out\nbuild a.o: cc a.c\n' }, run: 'ninja', cause: /'a\.c', needed by 'a\.o', missing and no known rule to make it/ },
    { id: 'ninja-target', title: 'A target that does not exist', fails: ['config.invalid', 'never-fixable'], files: { 'build.ninja': 'rule cc\n  command = true\nbuild a: cc\n' }, run: 'ninja instal', cause: /error: unknown target 'instal'/ },
    { id: 'ninja-parse', title: 'A build file that does not parse', fails: ['config.invalid', 'never-fixable'], files: { 'build.ninja': 'rule cc\n  comand = gcc\n' }, run: 'ninja', cause: /unexpected variable 'comand'/ },
    { id: 'ninja-compile', title: 'One of fifty compilations fails', fails: ['code.compile', 'never-fixable'], files: { 'build.ninja': `rule cc\n  command = gcc -c $in -o $out\n  description = CC $out\n${Array.from({ length: 50 }, (_, n) => `build o/${n}.o: cc s/${n}.c\n`).join('')}`, ...Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`s/${n}.c`, n === 23 ? 'struct order { int id };\nint f(struct order o) { return o.total; }\n' : `int f${n}(void) { return ${n}; }\n`])) }, run: 'ninja -v -j1', cause: /error: .struct order. has no member named .total./ },
    { id: 'ninja-passes', title: 'A build', passes: true, files: { 'build.ninja': 'rule cc\n  command = gcc -c $in -o $out\nbuild a.o: cc a.c\n', 'a.c': 'int error;\n' }, run: 'ninja -v' },
  ],
};
