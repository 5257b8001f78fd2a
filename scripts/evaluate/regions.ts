import { classifyText } from '@faultline/classifier';
import type { Predict } from './predict.ts';

/** Lines that explain the failure: the one that states the cause first. */
export const regions: Predict = (items) =>
  items.map((item) => {
    const log = String(item['fail_log'] ?? item['log'] ?? '');
    const passing = item['pass_log'];
    const { original } = classifyText(log, typeof passing === 'string' ? { passingLog: passing } : {});
    const lines = original.region.flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, step) => first + step),
    );
    const cause = original.causeLine?.line;
    return {
      id: item['id'],
      line_indexes: cause === undefined ? lines : [cause, ...lines.filter((line) => line !== cause)],
    };
  });
