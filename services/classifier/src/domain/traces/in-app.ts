/** Language of a stack trace. */
export type TraceLanguage =
  'java' | 'javascript' | 'python' | 'go' | 'rust' | 'dotnet' | 'native' | 'ruby' | 'php';

/** Functions of runtimes and frameworks, by language: compared with the start of the qualified name. */
const libraryFunctions: Readonly<Record<TraceLanguage, RegExp>> = {
  java: /^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|org\.(?:junit|testng|hamcrest|assertj|mockito|easymock|powermock|springframework|apache\.(?:maven|tools\.ant|catalina|tomcat)|gradle|codehaus\.(?:groovy|plexus)|hibernate|eclipse\.jetty|jboss)|junit|com\.google\.(?:common\.truth|inject)|io\.(?:netty|reactivex|micronaut|quarkus)|reactor|net\.bytebuddy|worker\.org\.gradle|android|dalvik)\./,
  javascript:
    /^(?:process\.|node:|internal\/|Module\.|Object\.Module|new Promise|Promise\.|Array\.|Generator\.|Jasmine|jasmine)|(?:^|\.)_?(?:jestJasmine|callTest|runTest|processTicksAndRejections|asyncGeneratorStep)/,
  python: /^(?:<frozen |importlib\.|unittest\.|_pytest\.|pluggy\.)/,
  go: /^(?:runtime|testing|reflect|syscall|net\/http|net|os|io|fmt|sync|internal|encoding|panic|created by|github\.com\/(?:stretchr\/testify|onsi\/(?:ginkgo|gomega)))[./(]/,
  rust: /^(?:core|std|alloc|rust_begin_unwind|test|__rust|_start|__libc|main$|tokio|futures|backtrace|<?(?:core|std|alloc)::|rayon)(?:::|$|_)|^<(?:core|std|alloc)/,
  dotnet:
    /^(?:System|Microsoft|Xunit|NUnit|MSTest|Moq|FluentAssertions|Castle|Newtonsoft|lambda_method)(?:\.|\()/,
  native: /^$/,
  ruby: /^$/,
  php: /^(?:PHPUnit|Illuminate|Symfony|Doctrine|Composer|Pest|Mockery)\\/,
};

const libraryFiles =
  /(?:^|[\\/])(?:node_modules|bower_components|site-packages|dist-packages|\.venv|venv|gems|rubygems|bundler|vendor|\.cargo[\\/]registry|registry[\\/]src|rustc[\\/][0-9a-f]{6,64}|go[\\/]pkg[\\/]mod|GOROOT|usr[\\/](?:lib|local[\\/](?:lib|go)|include|share)|lib[\\/]python\d|opt[\\/]hostedtoolcache|goroot|\.pyenv|\.rbenv|\.rvm|\.asdf|nuget|\.nuget|Frameworks|sysroot|llvm-project|compiler-rt)[\\/]|^(?:node:|internal\/|<frozen|<embedded stdlib>|<internal:|webpack[-:/]+(?:internal|bootstrap)|\(rust|\[native|native$)|^(?:events|timers|fs|net|module|vm|util|assert|domain|stream|_stream_\w+|bootstrap_node|child_process)\.js$/;

/** Whether a frame belongs to the project rather than to a library, a runtime or a test framework. */
export function isInApp(language: TraceLanguage, name: string, file: string | null): boolean {
  if (file !== null && libraryFiles.test(file)) return false;
  return !libraryFunctions[language].test(name);
}
