package org.yifang.platform.config;

/// Where a PostgreSQL database is and who we are there.
public record DatabaseAddress(
        String host, int port, String database, String user, String password) {
    /// The same address for JDBC, which only the migrations use.
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /// Without the password, for logs.
    @Override
    public String toString() {
        return host + ":" + port + "/" + database;
    }
}
