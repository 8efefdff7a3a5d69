package org.yifang.tools;

import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Logging;
import org.jooq.meta.jaxb.Target;
import org.yifang.TestDatabase;
import org.yifang.platform.config.DatabaseAddress;

import java.nio.file.Path;

/// Writes jOOQ's table classes from the migrations in `sql/`.
public final class GenerateTables {
    public static void main(String[] args) throws Exception {
        generate(Path.of("src/main/generated"));
        System.exit(0);
    }

    /// Generates into `folder` from a freshly migrated database.
    public static void generate(Path folder) throws Exception {
        DatabaseAddress address = TestDatabase.migrated();
        GenerationTool.generate(
                new Configuration()
                        .withLogging(Logging.WARN)
                        .withJdbc(
                                new Jdbc()
                                        .withDriver("org.postgresql.Driver")
                                        .withUrl(address.jdbcUrl())
                                        .withUser(address.user())
                                        .withPassword(address.password()))
                        .withGenerator(
                                new Generator()
                                        .withDatabase(database())
                                        .withGenerate(what())
                                        .withTarget(
                                                new Target()
                                                        .withPackageName("org.yifang.generated")
                                                        .withDirectory(folder.toString())
                                                        .withClean(true))));
    }

    private static org.jooq.meta.jaxb.Database database() {
        return new org.jooq.meta.jaxb.Database()
                .withName("org.jooq.meta.postgres.PostgresDatabase")
                .withInputSchema("public")
                .withIncludes(".*")
                // Partitions are reached through their parents.
                .withExcludes("flyway_.*|.*_p\\d{6}|.*_default")
                .withIncludeRoutines(false)
                .withOutputSchemaToDefault(true)
                .withForcedTypes(
                        new ForcedType()
                                .withName("INSTANT")
                                .withIncludeTypes("(?i:timestamp with time zone|timestamptz)"),
                        new ForcedType().withName("BIGINT").withIncludeTypes("(?i:xid8)"));
    }

    private static Generate what() {
        return new Generate()
                .withRecords(false)
                .withPojos(false)
                .withDaos(false)
                .withKeys(false)
                .withIndexes(false)
                .withRelations(false)
                .withGlobalKeyReferences(false)
                .withGlobalIndexReferences(false)
                .withGeneratedAnnotation(false)
                .withImplicitJoinPathsToOne(false)
                .withImplicitJoinPathsToMany(false)
                .withDeprecated(false)
                .withWhereMethodOverrides(false)
                .withRenameMethodOverrides(false)
                .withJavaTimeTypes(true);
    }

    private GenerateTables() {}
}
