import { paths } from '../../../shared/paths.ts'
import { dayText, type Letter, momentText, press, type Reader, say } from './letter.ts'

/*
 * Nothing that somebody typed stands in the mails to an address that nobody has confirmed, a name least of all: whoever
 * registers strangers could otherwise write to them through us.
 */

export function verifyLetter(_: Reader, url: string): Letter {
  return {
    subject: 'Confirm your address',
    preview: 'One press of a button and your account is ready.',
    greeting: 'Hello,',
    blocks: [
      say('Welcome to ClassifyHub. Confirm this address and your account is ready: you can post at once.'),
      press({ label: 'Confirm my address', url }),
      { is: 'address', url },
    ],
    reason: 'The link works once, for 24 hours. If you did not register just now, do nothing: no account comes of it.',
  }
}

export function welcomeLetter({ greeting, siteUrl }: Reader): Letter {
  return {
    subject: 'Welcome to ClassifyHub',
    preview: 'Three things that help, then we leave you alone.',
    greeting,
    blocks: [
      say('Your account is ready. Three things that help:'),
      {
        is: 'facts',
        facts: [
          ['Photos', 'Two or three by a window say more than a long text.'],
          [
            'Your place',
            'Your mail address stays hidden, and a post shows a place of about a kilometre, never your door.',
          ],
          ['Meeting', 'Meet in public, and never pay before you have seen the thing.'],
        ],
      },
      press(
        { label: 'Post something', url: siteUrl + paths.sell() },
        { label: 'Look around', url: siteUrl, quiet: true },
      ),
    ],
    reason: 'You get this mail once, because you have just confirmed your address.',
  }
}

export function alreadyRegisteredLetter({ greeting, siteUrl }: Reader): Letter {
  return {
    subject: 'You already have an account',
    preview: 'Just sign in. If you forgot the password, set a new one.',
    greeting,
    blocks: [
      say('Somebody, probably you, asked for an account for this address. You already have one: just sign in.'),
      press(
        { label: 'Sign in', url: siteUrl + paths.signIn() },
        { label: 'I forgot my password', url: siteUrl + paths.forgot(), quiet: true },
      ),
    ],
    reason: 'If it was not you, do nothing: nothing about your account has changed.',
  }
}

/** To the former holder of an account that was deleted, when its address is registered again before it is cleared away. */
export function stillDeletedLetter({ greeting, siteUrl, ...reader }: Reader, until: Date): Letter {
  return {
    subject: 'Your account was deleted',
    preview: 'Sign in to have it back, or wait until it is gone.',
    greeting,
    blocks: [
      say('Somebody, probably you, asked for an account for this address. It belongs to an account that was deleted.'),
      say(
        `Until ${dayText(until, reader)} you can have that account back: sign in with its password. After that day the address is free again.`,
      ),
      press({ label: 'Sign in', url: siteUrl + paths.signIn() }),
    ],
    reason: 'If it was not you, do nothing.',
  }
}

export function resetLetter({ greeting }: Reader, url: string): Letter {
  return {
    subject: 'Set a new password',
    preview: 'The link works once, for one hour.',
    greeting,
    blocks: [
      say('You can set a new password for ClassifyHub now. Every device that is signed in will be signed out.'),
      press({ label: 'Set a new password', url }),
      { is: 'address', url },
    ],
    reason: 'The link works once, for one hour. If you did not ask for it, do nothing: your password stays as it is.',
  }
}

export function passwordChangedLetter({ greeting, siteUrl, ...reader }: Reader, at: Date): Letter {
  return {
    subject: 'Your password was changed',
    preview: 'If that was you, there is nothing to do.',
    greeting,
    blocks: [
      say(`The password of your account was changed on ${momentText(at, reader)}. Other devices were signed out.`),
      say(
        'If that was you, there is nothing to do. If not, somebody else may be in your account: set a new password now.',
      ),
      press({ label: 'It was not me', url: siteUrl + paths.forgot(), quiet: true }),
    ],
    reason: 'You get this mail because it concerns the safety of your account.',
  }
}

/** To the new address, where it is free. */
export function confirmAddressLetter(_: Reader, url: string): Letter {
  return {
    subject: 'Confirm your new address',
    preview: 'One press of a button, here and at the old address.',
    greeting: 'Hello,',
    blocks: [
      say('Somebody, probably you, wants to use this address for their account at ClassifyHub.'),
      say('Confirm it here. Another mail went to the old address: the change is made when both have agreed.'),
      press({ label: 'Confirm this address', url }),
    ],
    reason: 'The link works for 24 hours. If you know nothing of it, do nothing: no account comes of it.',
  }
}

/** To the new address, where it has an account already: its holder learns of it, whoever asked does not. */
export function addressTakenLetter({ siteUrl }: Reader): Letter {
  return {
    subject: 'This address has an account already',
    preview: 'Somebody asked to use it for another one. Nothing has changed.',
    greeting: 'Hello,',
    blocks: [
      say(
        'Somebody, probably you, wants to use this address for another account at ClassifyHub. It has one already, and an address can have only one.',
      ),
      say('To use it for the other account, sign in here first and delete this one.'),
      press({ label: 'Sign in', url: siteUrl + paths.signIn() }),
    ],
    reason: 'If it was not you, do nothing: nothing about your account has changed.',
  }
}

/** To the old address. */
export function approveAddressLetter({ greeting, siteUrl }: Reader, newAddress: string, url: string): Letter {
  return {
    subject: 'Do you want to change your address?',
    preview: 'Your account is to move to another address. It needs your yes.',
    greeting,
    blocks: [
      say('Somebody who knows your password, probably you, wants to move your account to another address:'),
      { is: 'facts', facts: [['New address', newAddress]] },
      say('If you agree, press the button. The new address is asked too; the change is made when both have agreed.'),
      press(
        { label: 'Yes, change my address', url },
        { label: 'It was not me', url: siteUrl + paths.forgot(), quiet: true },
      ),
      say('If it was not you, set a new password at once: whoever asked for this knows the present one.'),
    ],
    reason: 'The link works for 24 hours. Without it your address stays as it is.',
  }
}

/** To both addresses, when the change is made. */
export function addressChangedLetter(
  { greeting, siteUrl, ...reader }: Reader,
  { at, newAddress, toOld }: { at: Date; newAddress: string; toOld: boolean },
): Letter {
  return {
    subject: 'Your address was changed',
    preview: toOld
      ? 'Mail about your account goes to the new address from now on.'
      : 'From now on you sign in with this address.',
    greeting,
    blocks: [
      say(`The address of your account was changed on ${momentText(at, reader)}.`),
      { is: 'facts', facts: [['New address', newAddress]] },
      say(
        toOld
          ? 'This is the last mail to the old one. If you did not want this, answer this mail: a person reads it.'
          : 'From now on you sign in with this address, and our mail comes here.',
      ),
      ...(toOld ? [] : [press({ label: 'Open my settings', url: siteUrl + paths.account(), quiet: true })]),
    ],
    reason: 'You get this mail because it concerns the safety of your account.',
  }
}

export function newSignInLetter(
  { greeting, siteUrl, ...reader }: Reader,
  { at, country, device }: { at: Date; country: string; device: string | null },
): Letter {
  return {
    subject: `New sign-in from ${country}`,
    preview: 'If that was you, there is nothing to do.',
    greeting,
    blocks: [
      say('Somebody signed in to your account with the right password, from a country that is new to us:'),
      {
        is: 'facts',
        facts: [
          ['Country', country.replace(/^the /, '')],
          ['When', momentText(at, reader)],
          ...(device ? [['Device', device] as const] : []),
        ],
      },
      say('If that was you, there is nothing to do. If not, set a new password: it signs everybody out.'),
      press(
        { label: 'It was not me', url: siteUrl + paths.forgot() },
        { label: 'See where I am signed in', url: siteUrl + paths.account(), quiet: true },
      ),
    ],
    reason: 'You get this mail because it concerns the safety of your account. It comes once for each country.',
  }
}

export function suspendedLetter({ greeting }: Reader, reason: string): Letter {
  return {
    subject: 'Your account is suspended',
    preview: 'A moderator has suspended your account. The reason is inside.',
    greeting,
    blocks: [
      say('A moderator has suspended your account. Your posts are hidden and you cannot sign in. The reason:'),
      { is: 'quote', text: reason, from: null },
      say('If you think that this is a mistake, answer this mail and say why: a person reads it.'),
    ],
    reason: 'You get this mail because it concerns the standing of your account.',
  }
}

export function reinstatedLetter({ greeting, siteUrl }: Reader): Letter {
  return {
    subject: 'Your account is open again',
    preview: 'The suspension was lifted. Your posts are shown again.',
    greeting,
    blocks: [
      say('The suspension of your account was lifted. Your posts are shown again.'),
      press({ label: 'Sign in', url: siteUrl + paths.signIn() }),
    ],
    reason: 'You get this mail because it concerns the standing of your account.',
  }
}

export function deletedLetter({ greeting, siteUrl, ...reader }: Reader, until: Date): Letter {
  const day = dayText(until, reader)
  return {
    subject: 'Your account is deleted',
    preview: `Changed your mind? Sign in until ${day}.`,
    greeting,
    blocks: [
      say('As you asked, your account is deleted. Your posts are hidden, and every device is signed out.'),
      say(`On ${day} everything that we keep of you is erased for good. Until then signing in brings it all back.`),
      press({ label: 'Keep my account', url: siteUrl + paths.signIn(), quiet: true }),
    ],
    reason: 'If you did not ask for this, sign in and set a new password.',
  }
}

export function exportReadyLetter(
  { greeting, ...reader }: Reader,
  { url, until }: { url: string; until: Date },
): Letter {
  return {
    subject: 'Your data is ready',
    preview: `One archive, to be fetched until ${dayText(until, reader)}.`,
    greeting,
    blocks: [
      say('You asked for a copy of your data. It is ready, as one archive.'),
      press({ label: 'Get my data', url }),
      say(
        `The link leads to it until ${momentText(until, reader)}; then the archive is erased, and you can ask for another. ` +
          'You are asked to sign in, so that nobody but you can read it.',
      ),
    ],
    reason: 'If you did not ask for it, set a new password: somebody may be in your account.',
  }
}
