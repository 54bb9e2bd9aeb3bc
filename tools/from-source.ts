// `node --conditions=agentworks-source --import ./tools/from-source.ts file.ts` runs the sources without a build:
// Node strips the types, and this finds the `.ts` behind an import that says `.js`.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    const isSource = context.parentURL?.endsWith('.ts') && specifier.startsWith('.') && specifier.endsWith('.js')
    return next(isSource ? `${specifier.slice(0, -3)}.ts` : specifier, context)
  },
})
