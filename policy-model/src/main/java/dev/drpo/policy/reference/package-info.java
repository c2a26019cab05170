/** The policy written plainly: what tests and benchmarks compare with, and no run computes with. */
package dev.drpo.policy.reference;
