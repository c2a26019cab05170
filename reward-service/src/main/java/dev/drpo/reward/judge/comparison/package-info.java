/** Holds an answer against a gold, form by form, under the policies. */
package dev.drpo.reward.judge.comparison;
