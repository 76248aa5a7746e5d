// The program that kubectl runs for a token of a cluster.
import { runKubectlToken } from './run-kubectl-token.ts';

runKubectlToken(process.argv.slice(2));
