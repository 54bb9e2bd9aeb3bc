// What a user likes, and how they like things done, from statements that say so.

const signs =
  /\b(?:prefers?|likes?|loves?|enjoys?|adores?|hates?|dislikes?|detests?|can't stand|cannot stand|favou?rites?|would rather|rather than|allergic|vegetarian|vegan|wants? to be|always|never|instead of|(?:doesn't|don't|do not) (?:eat|drink|like|want|use|do|call|send|ask|write))\b/i

const categories: Readonly<Record<string, RegExp>> = {
  food: /\b(?:eat|food|drinks?|coffee|tea|restaurants?|dish|meals?|vegan|vegetarian|spicy|sweet|wine|beer|allergic|breakfast|lunch|dinner|pizza|chocolate|fish|meat|cuisine)\b/i,
  travel: /\b(?:travel|flights?|fly|hotels?|seats?|trains?|trips?|holidays?|vacations?|window|aisle|airlines?)\b/i,
  music: /\b(?:music|songs?|bands?|jazz|rock|classical|concerts?|listen)\b/i,
  reading: /\b(?:books?|novels?|read|reading|poetry|magazines?)\b/i,
  sport: /\b(?:sports?|football|tennis|running|hiking|cycling|swimming|yoga|gym)\b/i,
  work: /\b(?:work|office|meetings?|colleagues?|projects?|code|coding|programming|typescript|python)\b/i,
  communication: /\b(?:emails?|calls?|messages?|answers?|short|brief|detailed|language|tone|chat)\b/i,
  shopping: /\b(?:buy|price|brand|shop|shopping|cheap|clothes|shoes|colou?rs?)\b/i,
}

export const isPreference = (statement: string) => signs.test(statement)

export function categoriesOf(statement: string): string[] {
  const found = Object.entries(categories).flatMap(([name, words]) => (words.test(statement) ? [name] : []))
  return found.length > 0 ? found : ['general']
}
