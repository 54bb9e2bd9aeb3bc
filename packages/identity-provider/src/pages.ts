// The pages that a browser sees. No script, nothing from elsewhere.

export interface LoginPage {
  action: string
  client: string
  users: readonly string[]
  hint?: string
  problem?: string
}

export function loginPage({ action, client, users, hint = '', problem }: LoginPage): string {
  const known = users.map((name) => `<option value="${escaped(name)}">`).join('')
  return page(
    'Sign in',
    `<p><b>${escaped(client)}</b> wants to know who you are.</p>
${problem ? `<p role="alert">${escaped(problem)}</p>` : ''}
<form method="post" action="${escaped(action)}">
<label>User <input name="username" list="users" value="${escaped(hint)}" autocomplete="username" required autofocus></label>
<datalist id="users">${known}</datalist>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button name="answer" value="sign-in">Sign in</button>
</form>
<p class="small">Passwords are shown by <code>agentworks identity provider setup</code> and <code>agentworks identity provider users add NAME</code>.</p>`,
  )
}

export interface ConsentPage {
  action: string
  client: string
  user: string
  scopes: readonly string[]
  audience: readonly string[]
}

export function consentPage({ action, client, user, scopes, audience }: ConsentPage): string {
  const items = scopes.map((scope) => `<li><code>${escaped(scope)}</code></li>`).join('')
  return page(
    'Allow access?',
    `<p><b>${escaped(client)}</b> asks to act for you, <b>${escaped(user)}</b>${audience.length > 0 ? `, at <b>${escaped(audience.join(', '))}</b>` : ''}:</p>
<ul>${items || '<li>to know who you are</li>'}</ul>
<form method="post" action="${escaped(action)}">
<button name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Deny</button>
</form>`,
  )
}

export function errorPage(error: string, description: string): string {
  return page('This did not work', `<p><code>${escaped(error)}</code>: ${escaped(description)}</p><p>Start again where you came from.</p>`)
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · agentworks</title>
<style>body{font:1rem system-ui,sans-serif;max-width:28rem;margin:10vh auto;padding:0 1rem}label{display:block;margin:.6rem 0}input{width:100%;font:inherit;padding:.3rem;box-sizing:border-box}button{font:inherit;padding:.4rem 1.2rem;margin:.6rem .6rem 0 0}[role=alert]{color:#a00}.small{font-size:.8rem;color:#666}</style>
</head><body><h1>${title}</h1>${body}
<p class="small">The identity provider of agentworks, for trying things out on this machine. It guards nothing real.</p></body></html>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}
