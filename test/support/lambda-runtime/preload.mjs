// aws-lambda-ric's native addon only moves bytes to and from the Runtime API; building it takes a compiler and Node's headers.
// This preload answers its import with the same three functions in JavaScript. Everything else is the real client.
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === './rapid-client.node'
      ? { url: new URL('rapid-client.cjs', import.meta.url).href, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
});
