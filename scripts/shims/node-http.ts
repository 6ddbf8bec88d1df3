// `import "node:http"` from an ES module evaluates lazy getters that load undici: 35–50 ms of a cold start
// (nodejs/node issues 57649 and 59686). Asking for the builtin does not. Every name that a dependency imports must stand here.
const http = process.getBuiltinModule('node:http');

export const { Agent, request, STATUS_CODES } = http;
export default http;
