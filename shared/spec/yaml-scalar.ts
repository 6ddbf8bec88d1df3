import { quote } from './spec-fault.ts';

interface PlainValue {
  readonly value: string | number | boolean | null;
  /** Why this spelling is refused: YAML readers disagree about it, or it loses digits. */
  readonly trap: { readonly message: string; readonly remedy: string } | null;
}

/**
 * What an unquoted YAML scalar means, by the core schema of YAML 1.2, and whether its spelling is a trap.
 * After a trap the value is the text, which is most likely what was meant, so that other faults can still be told.
 */
export function resolvePlain(text: string): PlainValue {
  if (text === '' || text === '~' || /^(?:null|Null|NULL)$/.test(text)) return sure(null);
  if (/^(?:true|True|TRUE)$/.test(text)) return sure(true);
  if (/^(?:false|False|FALSE)$/.test(text)) return sure(false);
  const trap = trapOf(text);
  if (trap !== null) return { value: text, trap: { ...trap, remedy: `${trap.remedy}: ${quote(text)}` } };
  return sure(isNumber(text) ? Number(text) : text);
}

function sure(value: PlainValue['value']): PlainValue {
  return { value, trap: null };
}

function isNumber(text: string): boolean {
  return text.length < 400 && /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(text);
}

function trapOf(text: string): PlainValue['trap'] {
  if (/^(?:yes|no|on|off)$/i.test(text))
    return {
      message: `${text} without quotes is a boolean to some YAML readers and a text to others`,
      remedy: 'put it in quotes, or write true or false if it is meant so',
    };
  // The longest of these texts is an account id with separators; anything longer is a text or an error elsewhere.
  if (text.length > 64) return null;
  if (/^\d{12}$/.test(text))
    return {
      message: `${text} without quotes is a number, and an account id must be a text`,
      remedy: 'put it in quotes',
    };
  if (/^[-+]?0[\d_]+$/.test(text))
    return {
      message: `${text} without quotes is octal to some YAML readers, and others drop its leading zero`,
      remedy: 'put it in quotes',
    };
  if (/^[-+]?0[box][\da-f_]+$/i.test(text))
    return {
      message: `${text} without quotes is not a decimal number`,
      remedy: 'write it as a decimal number, or put it in quotes',
    };
  if (/^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?$/.test(text))
    return {
      message: `${text} without quotes is a number to base 60 to some YAML readers`,
      remedy: 'put it in quotes',
    };
  if (/^[-+]?\d[\d_]*_[\d_]*$/.test(text))
    return { message: `${text} without quotes is a number to some YAML readers`, remedy: 'put it in quotes' };
  if (/^[-+]?\.(?:inf|nan)$/i.test(text))
    return { message: `${text} is a number that JSON cannot hold`, remedy: 'put it in quotes' };
  if (isNumber(text) && !keepsItsDigits(text))
    return { message: `${text} is a number that would lose digits`, remedy: 'put it in quotes' };
  return null;
}

function keepsItsDigits(text: string): boolean {
  const number = Number(text);
  return Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
}
