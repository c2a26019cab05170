package dev.drpo.rollout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point down: generation knows nothing of what it is called from. */
@AnalyzeClasses(packages = "dev.drpo.rollout", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  private static final String ENGINE = "dev.drpo.rollout.engine..";

  @ArchTest
  static final ArchRule theEngineKnowsNeitherFrameworksNorTransports =
      noClasses()
          .that()
          .resideInAPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.grpc..",
              "io.smallrye..",
              "jakarta..",
              "org.apache.kafka..",
              "dev.drpo.proto..",
              "dev.drpo.runtime.messaging..");

  @ArchTest
  static final ArchRule theTensorLibraryIsSeenByTheEngineOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage(ENGINE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule theFrameworkIsSeenByTheServiceEdgeOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.rollout.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.micrometer..");
}
