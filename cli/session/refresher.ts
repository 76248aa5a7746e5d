// The program that renews the tokens of `oci-wif login` in the background.
import { runRefresher } from '../../src/run-refresher.ts';
import { idTokensFrom } from '../sources/from-spec.ts';

export const refresher = (): Promise<void> => runRefresher(idTokensFrom);
