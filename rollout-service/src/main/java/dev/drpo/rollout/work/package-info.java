/** The Kafka loop: prompt tasks in, rollout groups out. */
package dev.drpo.rollout.work;
