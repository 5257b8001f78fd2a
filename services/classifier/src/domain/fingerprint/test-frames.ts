import type { Frame } from '@faultline/schemas';

const testClass =
  /(?:Tests?|TestCases?|TestBase|Specs?|IT|TestSuite)$|^Test(?=[A-Z_]|$)|^Abstract\w{0,60}Test/;
const testPath =
  /(?:^|[\\/_.-])(?:tests?|specs?|__tests__|unittest|testing|junit)(?:[\\/_.-]|$)|_test\.\w{1,6}$|\.(?:test|spec)\.\w{1,6}$|Tests?\.\w{1,6}$/i;

/** Whether a frame belongs to a test rather than to what is tested: by its class, or by its file. */
export function isTestFrame(frame: Frame): boolean {
  const owner = ownerOf(frame.function);
  if (owner !== null) {
    const simple =
      owner
        .split(/[.\\]|::/)
        .at(-1)
        ?.split('$', 1)[0] ?? '';
    if (testClass.test(simple) || /\.junit\./.test(owner)) return true;
  }
  return frame.file !== null && testPath.test(frame.file);
}

/** The class or file of the test: that of the task, where it names one, else that of the outermost frame. */
export function testUnit(task: string | null, own: readonly Frame[]): string {
  const named = task === null ? null : /^([\w$./\\-]{2,300}?)(?:::|#|\.(?=test\w*$)|\(|\[|$)/.exec(task)?.[1];
  if (named !== null && named !== undefined && (task?.length ?? 0) > named.length) return named;
  const outer = own.findLast(isTestFrame) ?? own.at(-1);
  return outer === undefined ? '' : (ownerOf(outer.function) ?? outer.file ?? '');
}

/** The class of a qualified Java or .NET method; null for plain functions. */
function ownerOf(name: string | null): string | null {
  const match = name === null ? null : /^((?:[\w$<>]{1,120}\.){1,16})[\w$<>-]{1,120}$/.exec(name);
  return match === null ? null : (match[1] as string).slice(0, -1);
}
