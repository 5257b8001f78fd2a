import { expect, test } from 'vitest';
import { parseJavaVersion } from './java.mjs';

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "21" 2023-09-19 LTS', 21],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "25-ea" 2025-09-16', 25],
  ['sh: java: not found', undefined],
])('%s', (text, major) => {
  expect(parseJavaVersion(text)).toBe(major);
});
