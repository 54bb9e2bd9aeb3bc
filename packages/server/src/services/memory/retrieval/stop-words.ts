// English words that say how a question is asked, not what it is about. Left out of questions only: a record keeps all of its words, and
// a question of nothing else is asked with them.
const list = `
a an the this that these those some any each every such same other another
i me my mine myself you your yours yourself he him his himself she her hers herself it its itself we us our ours they them their theirs
who whom whose which what when where why how
am is are was were be been being do does did done doing have has had having will would shall should can could may might must
isnt arent wasnt werent dont doesnt didnt havent hasnt hadnt wont wouldnt cant couldnt shouldnt
im ive id ill youre youve youd youll hes shes weve theyre theyve thats whats whos lets
and or but nor so if then than as because while until though although
of at by for with about against between into through during before after above below to from up down in out on off over under again
not no only own too very just also ever there here once more most much many
please tell know remember recall said say says mention mentioned talk talked
`
export const stopWords: ReadonlySet<string> = new Set(list.split(/\s+/).filter((word) => word !== ''))
