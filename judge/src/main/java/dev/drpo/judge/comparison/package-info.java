/** Holds an answer against a gold, form by form, under the conventions. */
package dev.drpo.judge.comparison;
