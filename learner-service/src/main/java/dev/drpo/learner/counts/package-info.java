/** What a run counts, in the one shape that checkpoints, status, meters and report share. */
package dev.drpo.learner.counts;
