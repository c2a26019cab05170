package dev.drpo.dashboard;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The page is made of files: any server can serve it, and no broker is asked. */
@AnalyzeClasses(
    packages = "dev.drpo.dashboard",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule noFrameworkNoTransportAndNoTensors =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.vertx..",
              "io.grpc..",
              "jakarta..",
              "org.apache.kafka..",
              "ai.djl..",
              "dev.drpo.proto..",
              "dev.drpo.runtime.messaging..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
