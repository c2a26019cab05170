/** Exact numbers. */
package dev.drpo.reward.judge.number;
