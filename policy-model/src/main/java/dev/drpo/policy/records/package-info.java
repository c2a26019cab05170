/** Versions and patches of the policy as records of the contract, and back. */
package dev.drpo.policy.records;
