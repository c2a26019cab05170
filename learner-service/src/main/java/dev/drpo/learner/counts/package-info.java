/** What a run counts while it goes on. */
package dev.drpo.learner.counts;
