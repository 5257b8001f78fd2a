import { httpBase, ports } from '../ports.ts';
import type { ToolScenarios } from '../scenario.ts';

const mod = (requires = ''): string => `module acme.example/app\n\ngo 1.21\n${requires}`;
const uuid = '\nrequire github.com/google/uuid v1.6.0\n';
const usesUuid =
  'package main\n\nimport "github.com/google/uuid"\n\nfunc main() { println(uuid.NewString()) }\n';

const manyTests = `package app\n\nimport (\n\t"fmt"\n\t"testing"\n)\n\nfunc TestBackoff(t *testing.T) {\n\tfor n := 0; n < 1000; n++ {\n\t\tt.Run(fmt.Sprintf("error_%d", n), func(t *testing.T) {\n\t\t\tif n == 437 {\n\t\t\t\tt.Errorf("delay(%d) = %d, want %d", n, 3, 4)\n\t\t\t}\n\t\t})\n\t}\n}\n`;

/** The Go tool. */
export const go: ToolScenarios = {
  tool: 'go',
  version: 'go version',
  needs: ['go'],
  scenarios: [
    {
      id: 'go-build-type',
      title: 'A value of the wrong type',
      fails: ['code.compile', 'never-fixable'],
      files: {
        'go.mod': mod(),
        'main.go': 'package main\n\nfunc main() {\n\tvar port int = "80"\n\tprintln(port)\n}\n',
      },
      run: 'go build ./...',
      cause: /cannot use "80" \(untyped string constant\) as int value/,
    },
    {
      id: 'go-build-undefined',
      title: 'A name that nothing declares',
      fails: ['code.compile', 'never-fixable'],
      files: { 'go.mod': mod(), 'main.go': 'package main\n\nfunc main() {\n\tprintln(version)\n}\n' },
      run: 'go build ./...',
      cause: /undefined: version/,
    },
    {
      id: 'go-build-unused',
      title: 'An import that is not used',
      fails: ['code.compile', 'never-fixable'],
      files: { 'go.mod': mod(), 'main.go': 'package main\n\nimport "os"\n\nfunc main() {}\n' },
      run: 'go build ./...',
      cause: /"os" imported and not used/,
    },
    {
      id: 'go-missing-module',
      title: 'An import without a requirement',
      fails: ['code.import', 'never-fixable'],
      files: { 'go.mod': mod(), 'main.go': usesUuid },
      run: 'go build ./...',
      cause: /no required module provides package github\.com\/google\/uuid/,
    },
    {
      id: 'go-missing-sum',
      title: 'go.sum lacks an entry',
      fails: ['dep.lockfile', 'never-fixable'],
      files: { 'go.mod': mod(uuid), 'main.go': usesUuid },
      run: 'go build ./...',
      cause: /missing go\.sum entry/,
    },
    {
      id: 'go-checksum',
      title: 'A module that does not match go.sum',
      fails: ['dep.integrity', 'never'],
      files: {
        'go.mod': mod(uuid),
        'main.go': usesUuid,
        'go.sum':
          'github.com/google/uuid v1.6.0 h1:AAAAm+M+vpMvlTcRMZWWP0vOBUMjoCV5KIl/Do0aiYo=\ngithub.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n',
      },
      run: 'go build ./...',
      cause: /verifying .*checksum mismatch/,
    },
    {
      id: 'go-unknown-revision',
      title: 'A module that the proxy does not have',
      fails: ['dep.missing', 'never-fixable'],
      env: { GOPROXY: `${httpBase}/status/404`, GONOSUMDB: '*' },
      files: { 'go.mod': mod() },
      run: 'go get acme.example/client@v1.2.0',
      cause: /404 Not Found/,
    },
    {
      id: 'go-proxy-500',
      title: 'The module proxy is broken',
      fails: ['dep.remote', 'backoff'],
      env: { GOPROXY: `${httpBase}/status/500`, GONOSUMDB: '*' },
      files: { 'go.mod': mod() },
      run: 'go mod download acme.example/client@v1.2.0',
      cause: /500 Internal Server Error/,
    },
    {
      id: 'go-proxy-refused',
      title: 'Nothing listens where the proxy should',
      fails: ['network.refused', 'backoff'],
      env: { GOPROXY: `http://127.0.0.1:${ports.refused}`, GONOSUMDB: '*' },
      files: { 'go.mod': mod() },
      run: 'go get acme.example/client@v1.2.0',
      cause: /connect: connection refused/,
    },
    {
      id: 'go-dns',
      title: 'The host of the proxy does not resolve',
      fails: ['network.dns', 'backoff'],
      env: { GOPROXY: 'https://goproxy.acme.invalid', GONOSUMDB: '*' },
      files: { 'go.mod': mod() },
      run: 'go get acme.example/client@v1.2.0',
      cause: /dial tcp: lookup goproxy\.acme\.invalid/,
    },
    {
      id: 'go-test-many',
      title: 'One of a thousand subtests fails',
      fails: ['test.assert', 'never-fixable'],
      files: { 'go.mod': mod(), 'app_test.go': manyTests },
      run: 'go test -v ./...',
      ci: true,
      cause: /delay\(437\) = 3, want 4/,
    },
    {
      id: 'go-test-timeout',
      title: 'A test that hangs',
      fails: ['test.timeout', 'once'],
      files: {
        'go.mod': mod(),
        'app_test.go':
          'package app\n\nimport (\n\t"testing"\n\t"time"\n)\n\nfunc TestDrain(t *testing.T) {\n\ttime.Sleep(time.Minute)\n}\n',
      },
      run: 'go test -timeout 1s ./...',
      cause: /panic: test timed out after 1s/,
    },
    {
      id: 'go-panic',
      title: 'A test panics',
      fails: ['test.crash', 'never-fixable'],
      files: {
        'go.mod': mod(),
        'app_test.go':
          'package app\n\nimport "testing"\n\ntype pool struct{ open int }\n\nfunc TestPool(t *testing.T) {\n\tvar p *pool\n\tp.open++\n}\n',
      },
      run: 'go test ./...',
      cause: /panic: runtime error: invalid memory address or nil pointer dereference/,
    },
    {
      id: 'go-race',
      title: 'All goroutines are asleep',
      fails: ['code.runtime', 'never-fixable'],
      files: {
        'go.mod': mod(),
        'main.go': 'package main\n\nfunc main() {\n\tdone := make(chan bool)\n\t<-done\n}\n',
      },
      run: 'go run .',
      cause: /fatal error: all goroutines are asleep - deadlock!/,
    },
    {
      id: 'go-vet',
      title: 'vet finds a wrong format',
      fails: ['lint', 'never-fixable'],
      files: {
        'go.mod': mod(),
        'main.go': 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Printf("%d\\n", "three")\n}\n',
      },
      run: 'go vet ./...',
      cause: /Printf format %d has arg "three" of wrong type string/,
    },
    {
      id: 'go-build-passes',
      title: 'A build that lists its packages',
      passes: true,
      files: {
        'go.mod': mod(),
        'main.go':
          'package main\n\nimport "errors"\n\nfunc main() { println(errors.New("unused").Error()) }\n',
      },
      run: 'go build -v ./... && go run .',
    },
    {
      id: 'go-test-passes',
      title: 'All tests pass',
      passes: true,
      files: { 'go.mod': mod(), 'app_test.go': manyTests.replace('n == 437', 'n < 0') },
      run: 'go test -v ./...',
      ci: true,
    },
  ],
};
