/**
 * Event files as TensorBoard reads them, and what imports from it, such as Weights &amp; Biases.
 */
package dev.drpo.tracking.tensorboard;
