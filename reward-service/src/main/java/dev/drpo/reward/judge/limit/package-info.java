/** What a judgement may cost. */
package dev.drpo.reward.judge.limit;
