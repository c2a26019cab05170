/** What a judgement may cost. */
package dev.drpo.judge.limit;
