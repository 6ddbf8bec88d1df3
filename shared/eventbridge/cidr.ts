import { BlockList, isIP } from 'node:net';

import { InvalidEventPatternError } from './invalid-event-pattern.ts';

/**
 * Whether an address lies in a block such as `10.0.0.0/24` or `2001:db8::/32`. What is no address lies in none.
 * @throws {InvalidEventPatternError} if the block is malformed.
 */
export function compileCidr(block: string): (address: string) => boolean {
  const [network, bits, ...rest] = block.split('/');
  if (network === undefined || bits === undefined || rest.length > 0)
    throw new InvalidEventPatternError("Malformed CIDR, one '/' required");
  if (!/^\d+$/.test(bits)) throw new InvalidEventPatternError('Malformed CIDR, mask bits must be an integer');
  const family = familyOf(network);
  if (family === null) throw new InvalidEventPatternError(`Nonstandard IP address: ${network}`);
  const longest = family === 'ipv4' ? 32 : 128;
  if (Number(bits) > longest)
    throw new InvalidEventPatternError(`Malformed CIDR, mask bits must be at most ${longest}`);
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return (address) => familyOf(address) === family && list.check(address, family);
}

function familyOf(address: string): 'ipv4' | 'ipv6' | null {
  const version = isIP(address);
  if (version === 0) return null;
  return version === 4 ? 'ipv4' : 'ipv6';
}
