/** MLflow by its REST calls, version 2.0 of its API. */
package dev.drpo.tracking.mlflow;
