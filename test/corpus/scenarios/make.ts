import type { ToolScenarios } from '../scenario.ts';

/** GNU make. */
export const make: ToolScenarios = {
  tool: 'make',
  version: 'make --version | head -n 1',
  needs: ['make'],
  scenarios: [
    {
      id: 'make-no-rule',
      title: 'A prerequisite that no rule makes',
      fails: ['config.invalid', 'never-fixable'],
      files: { Makefile: 'app: main.o\n\tcc -o app main.o\n' },
      run: 'make',
      cause: /No rule to make target 'main\.o'/,
    },
    {
      id: 'make-separator',
      title: 'Spaces where a tab must be',
      fails: ['config.invalid', 'never-fixable'],
      files: { Makefile: 'all:\n    echo hello\n' },
      run: 'make',
      cause: /missing separator/,
    },
    {
      id: 'make-no-makefile',
      title: 'No makefile',
      fails: ['config.invalid', 'never-fixable'],
      run: 'make',
      cause: /No targets specified and no makefile found/,
    },
    {
      id: 'make-command',
      title: 'A recipe calls a program that is not installed',
      fails: ['env.toolchain', 'never-fixable'],
      files: { Makefile: 'release:\n\tgoreleaser-acme --clean\n' },
      run: 'make release',
      ci: true,
      cause: /goreleaser-acme: (No such file or directory|not found)/,
    },
    {
      id: 'make-undefined',
      title: 'A variable that the makefile requires is not set',
      fails: ['env.config', 'never'],
      files: { Makefile: 'ifndef VERSION\n$(error VERSION is not set)\nendif\nall:\n\techo $(VERSION)\n' },
      run: 'make',
      cause: /VERSION is not set/,
    },
    {
      id: 'make-deep',
      title: 'A recipe three makefiles down fails',
      fails: ['test.assert', 'never-fixable'],
      files: {
        Makefile: 'all:\n\t$(MAKE) -C services\n',
        'services/Makefile': 'all:\n\t$(MAKE) -C billing test\n',
        'services/billing/Makefile':
          'test:\n\t@for i in $$(seq 400); do echo "case $$i ok: balance kept after a refund"; done\n\t@echo "case 401 FAILED: expected 12.50, got 12.49"\n\t@exit 1\n',
      },
      run: 'make',
      cause: /case 401 FAILED/,
    },
    {
      id: 'make-passes',
      title: 'A build with an ignored error',
      passes: true,
      files: { Makefile: 'all:\n\t-rm missing-file\n\techo done\n' },
      run: 'make',
    },
  ],
};

/** Ninja. */
export const ninja: ToolScenarios = {
  tool: 'ninja',
  version: 'ninja --version',
  needs: ['ninja', 'gcc'],
  scenarios: [
    {
      id: 'ninja-missing',
      title: 'An input that nothing makes',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'build.ninja': 'rule cc\n  command = gcc -c $in -o $out\nbuild a.o: cc a.c\n' },
      run: 'ninja',
      cause: /'a\.c', needed by 'a\.o', missing and no known rule to make it/,
    },
    {
      id: 'ninja-target',
      title: 'A target that does not exist',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'build.ninja': 'rule cc\n  command = true\nbuild a: cc\n' },
      run: 'ninja instal',
      cause: /error: unknown target 'instal'/,
    },
    {
      id: 'ninja-parse',
      title: 'A build file that does not parse',
      fails: ['config.invalid', 'never-fixable'],
      files: { 'build.ninja': 'rule cc\n  comand = gcc\n' },
      run: 'ninja',
      cause: /unexpected variable 'comand'/,
    },
    {
      id: 'ninja-compile',
      title: 'One of 300 compilations fails',
      fails: ['code.compile', 'never-fixable'],
      files: {
        'build.ninja': `rule cc\n  command = gcc -c $in -o $out\n  description = CC $out\n${Array.from({ length: 300 }, (_, n) => `build o/${n}.o: cc s/${n}.c\n`).join('')}`,
        ...Object.fromEntries(
          Array.from({ length: 300 }, (_, n) => [
            `s/${n}.c`,
            n === 143
              ? 'struct order { int id };\nint f(struct order o) { return o.total; }\n'
              : `int f${n}(void) { return ${n}; }\n`,
          ]),
        ),
      },
      run: 'ninja -v -j1 -k 0',
      cause: /error: .struct order. has no member named .total./,
    },
    {
      id: 'ninja-passes',
      title: 'A build',
      passes: true,
      files: {
        'build.ninja': 'rule cc\n  command = gcc -c $in -o $out\nbuild a.o: cc a.c\n',
        'a.c': 'int error;\n',
      },
      run: 'ninja -v',
    },
  ],
};
