// oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access -- no types here
// Runs before the sources, in plain JavaScript that any node reads: `node --import ./scripts/check-node.mjs main.ts`.
// Without it an older node dies with ERR_UNKNOWN_FILE_EXTENSION, which helps nobody.
// Type stripping needs no flag since 22.18 and 23.6 (https://nodejs.org/api/typescript.html#type-stripping).
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (!stripsTypes) {
  console.error(
    `error: the TypeScript sources need node 22.18 or later, and this is node ${process.versions.node}.\n` +
      '       Run "npm ci" without --omit=optional, which brings node 24 along, and start through npm: npm run replay;\n' +
      '       or put node 24 first on your PATH. The packed iam-drift runs on node 20 as well.',
  );
  process.exit(1);
}
