// The program that renews tokens in the background until the job ends. Main starts it; post stops it.
import { githubIdTokensFrom } from './github/id-token-source.ts';
import { runRefresher } from './run-refresher.ts';

await runRefresher(githubIdTokensFrom);
