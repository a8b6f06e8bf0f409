/**
 * The prose in a file of code: its comments and its texts.
 *
 * Rule: pure, and code is never taken for prose: identifiers may have any name.
 */
import ts from 'typescript';

/** A piece of prose and the line that it begins on. */
export interface Passage {
  line: number;
  text: string;
  comment: boolean;
}

/** Comments, and texts that are not names of modules. Texts that are added up are one passage. */
export function proseOfCode(source: string): Passage[] {
  const file = ts.createSourceFile('any.ts', source, ts.ScriptTarget.Latest, true);
  const found: Passage[] = [];
  const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;
  const seen = new Set<number>();
  const comments = (position: number): void => {
    for (const { pos, end } of [
      ...(ts.getLeadingCommentRanges(source, position) ?? []),
      ...(ts.getTrailingCommentRanges(source, position) ?? []),
    ]) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      found.push({ line: lineAt(pos), text: plainComment(source.slice(pos, end)), comment: true });
    }
  };
  const visit = (node: ts.Node): void => {
    comments(node.getFullStart());
    comments(node.getEnd());
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    const text = textOf(node);
    if (text !== undefined && /[a-z] [a-z]/i.test(text)) {
      found.push({ line: lineAt(node.getStart()), text, comment: false });
    }
    if (text !== undefined && !ts.isTemplateExpression(node)) return;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found.sort((one, other) => one.line - other.line);
}

/** The words of a text or of a sum of texts; what is filled in stands as an ellipsis. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function plainComment(comment: string): string {
  return comment
    .replace(/^\/\*\*?|\*\/$/g, '')
    .replace(/^\s*(?:\*|\/\/)\s?/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}
