/**
 * Frames that say how a crash was caught or what every program runs on, not where it happened: sanitizers,
 * signal handlers, allocators, memory and string functions, standard libraries, test and fuzzing drivers,
 * logging and panic machinery.
 */
const ignoredFunctions: readonly RegExp[] = [
  /^_{0,3}(?:interceptor|wrap|hwasan|asan|msan|tsan|ubsan|lsan|sanitizer|kasan|san_|sancov|hwaddress|scudo)_?/i,
  /^(?:__)?(?:asan|msan|tsan|ubsan|lsan|hwasan|sanitizer|scudo|gwp_asan)(?:::|$)/,
  /^(?:__asan|__msan|__tsan|__ubsan|__lsan|__hwasan|__sanitizer|__scudo)/,
  /^(?:__GI_|__libc_|_IO_|__interceptor_|\?\?)|^_?_?(?:kernel_vsyscall|restore_rt|sigaction|sigtramp|default_sa_restorer)/,
  /^(?:gsignal|raise|abort|_?exit|_Exit|kill|tgkill|pthread_kill|__pthread_kill\w*|__assert\w*|__fortify\w*|__stack_chk_fail|__chk_fail|_purecall)$/,
  /^(?:malloc|calloc|realloc|reallocarray|free|cfree|memalign|posix_memalign|aligned_alloc|valloc|strdup|strndup|operator (?:new|delete)(?:\[\])?|mmap|munmap|xmalloc|xrealloc)$/,
  /^_{0,3}(?:aeabi_)?(?:mem(?:cpy|move|set|cmp|chr|pcpy|mem|rchr)|str(?:cpy|ncpy|cat|ncat|len|nlen|cmp|ncmp|casecmp|ncasecmp|chr|rchr|str|casestr|spn|cspn|pbrk|tok|dup|tol|toul|tod)|wcs\w{2,6}|w?mem\w{3,5}|bcopy|bzero|bcmp|qsort\w*|v?s?n?printf|fprintf|f?puts|atoi|atol)(?:_\w{2,24})?$/,
  /^(?:std|__gnu_cxx|__cxxabiv\d|__cxxabi|boost::(?:throw_exception|detail))::|^__cxa_|^(?:void |bool |int |auto |decltype\(auto\) |[\w:&<>]{1,40} )?std::|^__clang_call_terminate/,
  /^(?:core|alloc|std|rust_begin|rust_panic|__rust|rust_eh|backtrace|libfuzzer_sys|compiler_builtins)(?:::|_|$)|^_?\$?LT\$?.{0,40}core\.\.|^<(?:core|alloc|std)::/,
  /^(?:fuzzer|centipede|fuzztest::internal|fuzztest|testing|testing::internal|benchmark)::|^(?:auto |void |bool )?(?:fuzztest|testing)::|^(?:main|_?start|_main|WinMain|wmain|invoke_main|wWinMain|_?_libc_start\w*|__scrt\w*|mainCRTStartup|start_thread|clone\d?|__clone|__bionic_clone|__start_thread|__pthread_start\w*|thread_start|_pthread_\w+|asan_thread_start|BaseThreadInitThunk|RtlUserThreadStart|Honggfuzz\w*|Rust_fuzzer\w*|rust_fuzzer_test_input|HF_ITER|ExitCallback|RunOneTest)$/,
  /^(?:logging|base::logging|google|absl)::(?:LogMessage|ErrnoLogMessage|CheckError|CheckOp|CheckLogMessage|CheckNoreturnError|DCheck|NotReached|Win32Error|Log|log_internal|DumpWillBe|internal)|^absl::(?:log_internal|lts_\d+::log_internal|raw_log_internal)|^(?:base|v8::base|v8::base::debug)::debug::|^base::(?:internal::)?(?:ImmediateCrash|TerminateBecauseOutOfMemory)|^V8_(?:Fatal|Dcheck|CHECK)|^v8::base::(?:FatalOOM|OS::Abort|debug|CheckLogMessage)|^v8::internal::(?:V8::FatalProcessOutOfMemory|Heap::FatalProcessOutOfMemory|FatalProcessOutOfMemory|PrintFatal)|^v8::(?:Utils::(?:ReportApiFailure|ApiCheck|ReportOOMFailure)|internal::ApiCheck|V8::ToLocalEmpty|internal::V8::FatalProcess|api_internal::ToLocalEmpty)|^__android_log_\w+|^android_log\w*|^LogMessage::|^backtrace$|^(?:PartitionOutOfMemory\w*|OnNoMemory\w*|WTF::\w*[oO]ut[oO]fMemory\w*)/,
  /^(?:WTF|blink::WTF|mojo::internal|base::internal::(?:Invoke|Bind|Functor|CallbackBase)|base::(?:Once|Repeating)?Callback|scoped_refptr|absl::(?:cleanup_internal|Cleanup|inlined_vector|container_internal|variant_internal|optional_internal|base_internal|Span))(?:::|<|$)/,
  /^(?:libfuzzer|LibFuzzer)_?|^fuzz_?target_exit/,
  /^(?:runtime|testing|reflect|panic|syscall|runtime\/debug|main\._cgoexp\w*|_cgoexp\w*|go-fuzz-dep|sync)(?:\.|$|\()|^main\.LLVMFuzzerTestOneInput|^github\.com\/dvyukov\/go-fuzz|^go\.fuzz\.main|^main\./,
  /^(?:java\.(?:lang|util\.concurrent|lang\.reflect)|jdk\.internal|sun\.reflect|com\.code_intelligence\.jazzer|dalvik\.system|com\.android\.internal\.os)\./,
  /^(?:g_assertion_message\w*|g_log\w*|g_abort|g_return_if_fail_warning|g_logv|_g_log\w*|uv_fatal_error)$/,
  /^(?:print_address_description|__?kasan_\w+|kasan_\w+|dump_backtrace|show_stack|dump_stack\w*|check_memory_region|end_report|panic|die|__die|do_kernel_fault|do_page_fault|do_DataAbort|el\d_\w+|__do_kernel_fault|__dabt_svc|warn_slowpath\w*|report_bug|bug_handler|asm_exc\w*|exc_\w+|entry_SYSCALL\w*|ret_from_fork\w*|kthread|worker_thread|lkl_\w*|print_report|__asan_(?:load|store)\w*|ret_fast_syscall|die_kernel_fault|do_mem_abort|notify_die|atomic_notifier\w*|memory_dump|do_translation_fault|nmi_panic)$/,
  /^(?:OnCrash|SignalHandler|signal_handler|HandleSignal|crash_handler|CrashHandler|base::debug|google_breakpad|FailureSignalHandler|InvokeDefaultSignalHandler|DumpStackTrace\w*|debuggerd\w*|PrintStackTrace)(?:::|$)?/,
  /^(?:wait4|do_system|system|__waitpid|popen|sigsuspend|poll|select|futex\w*|syscall|nanosleep)$/,
  /^(?:SkAbort|sk_abort\w*|SkDebugf|swift::fatalError|swift_\w+|_swift\w*|Swift\.(?:_assert|_fatal|fatalError|_precondition)\w*|closure #\d|generic specialization|specialized )/,
  /^(?:KiUserExceptionDispatcher|RtlpCallVectoredHandlers|RtlDispatchException|UnhandledExceptionFilter|RaiseException|KERNELBASE|ntdll|VerifierStopMessage\w*|RtlpDphIsNormal\w*|memcpy_\w+)/,
  /^\/|^<lib|\.so(?:\.\d{1,3}){0,4}$|\.dll$|_asan_rtl_|^(?:CrashTrampolineAsm|operator\(\)|ImmediateCrash|HandleOnePc|abort_with_issue|_objc_terminate|main\.fuzzer_run|Ordinal\d{1,5}|__RT_impl_Runtime_Abort\w*)$|^v8::internal::(?:__RT_impl_)?Runtime_Abort/,
  /^<unknown|^\(<unknown|^linux-(?:gate|vdso)|^\[vdso|^<null>$|^null$|^\?+$|^0x[0-9a-f]+$|^UnknownCode/,
];

const ignoredFiles =
  /(?:^|\/)(?:compiler-rt|sanitizer_common|llvm-project\/compiler-rt|libfuzzer|libFuzzer|rustc\/[0-9a-f]{6,64}|glibc-[\w.]{3,20}|sysdeps|libc\+\+(?:abi)?\/|crtstuff|buildtools\/third_party\/libc\+\+|bits\/|gtestutils|googletest|\/v1\/__|include\/c\+\+|crosstool)/;

/** Whether a frame tells nothing about where the crash happened. */
export function isIgnoredFrame(name: string, file: string | null): boolean {
  if (name === '') return true;
  if (file !== null && ignoredFiles.test(file)) return true;
  return ignoredFunctions.some((pattern) => pattern.test(name));
}
