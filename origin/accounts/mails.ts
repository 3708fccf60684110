import { html } from 'hono/html'
import type { Mail } from '../adapters/ses.ts'

type Parts = {
  to: string
  subject: string
  greeting: string
  lines: string[]
  button?: { label: string; url: string }
  /** Said below, in small print: why this mail came and what to do when it should not have. */
  reason: string
}

type Reader = { email: string; displayName: string; siteUrl: string }

/** Asks the holder of an address to confirm it. */
export function verifyMail({ email, displayName, siteUrl }: Reader, token: string): Promise<Mail> {
  return compose(siteUrl, {
    to: email,
    subject: 'Confirm your address',
    greeting: `Hello ${displayName},`,
    lines: ['welcome to ClassifyHub. Confirm this address and your account is ready: you can post at once.'],
    button: { label: 'Confirm my address', url: `${siteUrl}/verify?token=${token}` },
    reason: 'The link works once, for 24 hours. If you did not register just now, do nothing: no account comes of it.',
  })
}

/** Tells the holder of an account that somebody, probably they, tried to register their address again. */
export function alreadyRegisteredMail({ email, displayName, siteUrl }: Reader): Promise<Mail> {
  return compose(siteUrl, {
    to: email,
    subject: 'You already have an account',
    greeting: `Hello ${displayName},`,
    lines: [
      'somebody, probably you, asked for an account for this address. You already have one: just sign in.',
      `Forgot the password? Set a new one at ${siteUrl}/forgot`,
    ],
    button: { label: 'Sign in', url: `${siteUrl}/sign-in` },
    reason: 'If it was not you, do nothing: nothing about your account has changed.',
  })
}

/** Tells the holder of a deleted account why the address cannot be registered yet. */
export function deletedAccountMail({ email, displayName, siteUrl }: Reader): Promise<Mail> {
  return compose(siteUrl, {
    to: email,
    subject: 'Your account was deleted',
    greeting: `Hello ${displayName},`,
    lines: [
      'somebody, probably you, asked for an account for this address. It belongs to an account that was deleted and whose data is still being cleared away. Until that is done the address cannot be used again.',
    ],
    reason: 'If it was not you, do nothing.',
  })
}

/** Gives the holder of an account the link that sets a new password. */
export function resetMail({ email, displayName, siteUrl }: Reader, token: string): Promise<Mail> {
  return compose(siteUrl, {
    to: email,
    subject: 'Set a new password',
    greeting: `Hello ${displayName},`,
    lines: ['you can set a new password for ClassifyHub now. Every device that is signed in will be signed out.'],
    button: { label: 'Set a new password', url: `${siteUrl}/reset?token=${token}` },
    reason: 'The link works once, for one hour. If you did not ask for it, do nothing: your password stays as it is.',
  })
}

/** Tells somebody that a moderator has suspended their account, and why. */
export function suspendedMail({ email, displayName, siteUrl }: Reader, reason: string): Promise<Mail> {
  return compose(siteUrl, {
    to: email,
    subject: 'Your account is suspended',
    greeting: `Hello ${displayName},`,
    lines: [
      'a moderator has suspended your account. Your posts are hidden and you cannot sign in.',
      `The reason: ${reason}`,
    ],
    reason: 'If you think that this is a mistake, answer this mail.',
  })
}

/** Tells somebody that the suspension was lifted. */
export function reinstatedMail({ email, displayName, siteUrl }: Reader): Promise<Mail> {
  return compose(siteUrl, {
    to: email,
    subject: 'Your account is open again',
    greeting: `Hello ${displayName},`,
    lines: ['the suspension of your account was lifted. Your posts are shown again.'],
    button: { label: 'Sign in', url: `${siteUrl}/sign-in` },
    reason: 'You get this mail because it concerns your account.',
  })
}

/** One layout for all: a quiet card that every mail program can draw, and the same words as plain text. */
async function compose(siteUrl: string, { to, subject, greeting, lines, button, reason }: Parts): Promise<Mail> {
  const text = [
    greeting,
    ...lines,
    ...(button ? [`${button.label}:\n${button.url}`] : []),
    reason,
    `ClassifyHub · ${siteUrl}`,
  ]
  const page = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${subject}</title>
</head>
<body style="margin:0;background:#f4f2ec;color:#1d2420;font:16px/1.55 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;text-align:left">
<tr><td style="padding:0 4px 16px;font-size:18px;font-weight:700">ClassifyHub</td></tr>
<tr><td style="background:#ffffff;color:#1d2420;border:1px solid #e2ded3;border-radius:12px;padding:32px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${subject}</h1>
<p style="margin:0 0 12px">${greeting}</p>
${lines.map(line => html`<p style="margin:0 0 12px">${line}</p>`)}
${button ? buttonRow(button) : ''}
</td></tr>
<tr><td style="padding:16px 4px;font-size:13px;color:#5d665f">${reason}<br>ClassifyHub · <a href="${siteUrl}" style="color:#5d665f">${siteUrl}</a></td></tr>
</table>
</td></tr></table>
</body>
</html>`
  return { to, subject, text: `${text.join('\n\n')}\n`, html: String(page) }
}

function buttonRow({ label, url }: { label: string; url: string }) {
  return html`<p style="margin:24px 0"><a href="${url}" style="display:inline-block;background:#14532d;color:#ffffff;text-decoration:none;font-weight:600;padding:13px 22px;border-radius:8px">${label}</a></p>
<p style="margin:0;font-size:13px;color:#5d665f">Or open this address:<br><a href="${url}" style="color:#14532d;word-break:break-all">${url}</a></p>`
}
