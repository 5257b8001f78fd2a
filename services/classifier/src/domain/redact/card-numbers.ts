/** Luhn's check (ISO/IEC 7812-1): whether a row of digits can be a card number. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 0x30;
    const doubled = digit * 2;
    sum += index % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

// Visa, Mastercard, American Express, Discover, Diners Club, JCB, UnionPay: by first digits and length.
const issuers =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|6(?:011|4[4-9]\d|5\d\d)\d{12}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|62\d{14,17})$/;

/** Whether a match, digits parted by single spaces or hyphens, is a card number of a known issuer. */
export function isCardNumber(match: string): boolean {
  const digits = match.replace(/[ -]/g, '');
  return issuers.test(digits) && passesLuhn(digits);
}

/** Candidates: 13 to 19 digits, parted at most by single spaces or hyphens, not part of a longer number, name or UUID. */
export const cardCandidates = /(?<![\w.-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g;
