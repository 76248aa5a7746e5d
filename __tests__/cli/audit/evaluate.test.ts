// What counts as evaluated, the exit codes, and how code scanning recognises a finding again.
import { describe, expect, it } from '@jest/globals';
import { exitCodeOf } from '../../../cli/audit/audit.ts';
import { evaluate } from '../../../cli/audit/evaluate.ts';
import type { Finding, Severity } from '../../../cli/audit/finding.ts';
import { reportSarif } from '../../../cli/audit/sarif.ts';
import type { Snapshot, SourceName } from '../../../cli/audit/snapshot.ts';
import { reportText } from '../../../cli/audit/text.ts';
import { addRule, changed, SUBJECT, setRules } from './sound.ts';

const plain = (_: string, text: string) => text;
const withGap = (snapshot: Snapshot, name: SourceName, data: unknown): Snapshot => ({
  ...snapshot,
  sources: { ...snapshot.sources, [name]: { data, gaps: ['cannot be read'] } },
});
const idsOf = (all: readonly { rule: string }[]) => [...new Set(all.map(({ rule }) => rule))];

describe('a source that could not be read', () => {
  it('leaves the rules that need it not evaluated, and no others', () => {
    const snapshot = changed((state) => addRule(state, 'sub eq *'));
    const { findings, notEvaluated } = evaluate(withGap(snapshot, 'users', undefined));
    expect(idsOf(notEvaluated)).toEqual(['T09', 'U01', 'U02', 'U03', 'P01', 'P02', 'W03']);
    expect(idsOf(findings)).toEqual(['T01']);
  });

  it('in part still gives findings, except for faults that consist in an absence', () => {
    const snapshot = changed((state) => setRules(state, 'sub eq *'));
    const complete = evaluate(withGap(snapshot, 'trusts', []));
    expect(idsOf(complete.findings)).toEqual(['T01']); // not A03, although no trust names an application
    expect(idsOf(complete.notEvaluated)).toContain('A03');
  });

  it('that a rule only uses is reported, and the rule is evaluated', () => {
    const snapshot = changed(({ app }) => Object.assign(app, { clientType: 'public' }));
    const { findings, notEvaluated } = evaluate(withGap(snapshot, 'roles', undefined));
    expect(idsOf(findings)).toEqual(['A02']);
    expect(idsOf(notEvaluated)).toEqual(['A01', 'A02', 'A03', 'W01', 'W02', 'W03', 'W04']);
  });

  it('is not counted among the passed rules', () => {
    const { sources, ...rest } = changed(() => {});
    const text = reportText(evaluate(withGap({ sources, ...rest }, 'settings', undefined)), plain);
    expect(text).toContain('  S01, S02\n    cannot be read\n');
    expect(text).toMatch(/No findings\. Rules: 41 of 43 passed, 2 not evaluated or only in part\.$/);
  });
});

describe('the exit code', () => {
  const finding = (severity: Severity): Finding => ({
    rule: 'T01',
    severity,
    object: '',
    key: '',
    evidence: '',
    fix: '',
  });
  const gap = { rule: 'T02', reason: '' };

  it.each([
    [[], [], 'low', 0],
    [[finding('medium')], [], 'high', 0],
    [[finding('high')], [], 'high', 2],
    [[finding('critical')], [gap], 'high', 2],
    [[finding('low')], [], 'low', 2],
    [[finding('high')], [gap], 'critical', 3],
    [[], [gap], 'critical', 3],
  ] as const)('%#: of findings and gaps is as documented', (findings, notEvaluated, failOn, exitCode) => {
    expect(exitCodeOf({ findings, notEvaluated, notRequested: [] }, failOn)).toBe(exitCode);
  });
});

describe('the fingerprint of a finding in SARIF', () => {
  const options = { version: '1.0.0', workflow: { path: '.github/workflows/a b.yml', line: 3 } };
  const printsOf = (...rules: string[]) => {
    const result = evaluate(changed((state) => setRules(state, ...rules)));
    const [{ results }] = JSON.parse(JSON.stringify(reportSarif(result, options))).runs as [
      { results: { ruleId: string; partialFingerprints: object }[] },
    ];
    return results
      .filter(({ ruleId }) => ruleId === 'T03')
      .map(({ partialFingerprints }) => partialFingerprints);
  };
  const STAR = 'sub eq repo:acme@1234/infra@5678:*';

  it('stays when other rules come before it', () => {
    expect(printsOf(STAR)).toHaveLength(1);
    expect(printsOf(`sub eq ${SUBJECT}`, STAR)).toEqual(printsOf(STAR));
  });

  it('differs for equal findings', () => {
    expect(new Set(printsOf(STAR, STAR).map((one) => JSON.stringify(one))).size).toBe(2);
  });

  it('is beside a location whose path is encoded', () => {
    const text = JSON.stringify(
      reportSarif(evaluate(changed((state) => addRule(state, 'sub eq *'))), options),
    );
    expect(text).toContain('".github/workflows/a%20b.yml"');
  });
});
