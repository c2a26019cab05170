/** What was decided about an answer, and by which rule. */
package dev.drpo.judge.verdict;
