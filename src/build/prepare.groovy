// First of all steps: says what a person has to install, and that a compile goes on.

import java.util.concurrent.TimeUnit
import javax.xml.parsers.DocumentBuilderFactory

int wanted = project.properties.getProperty('maven.compiler.release') as int
File home = new File(System.getProperty('user.home'))

// The places in which the toolchains plugin looks, too.
List<File> jdks = [new File(System.getProperty('java.home'))]
jdks += System.getenv().findAll { it.key ==~ /JAVA\d*_HOME/ }.values().collect { new File(it) }
List<File> folders = [
    '.jdks', '.m2/jdks', '.sdkman/candidates/java', '.gradle/jdks', '.jenv/versions',
    '.jbang/cache/jdks', '.asdf/installs/java', '.jabba/jdk',
    'Library/Java/JavaVirtualMachines'].collect { new File(home, it) }
folders += ['/usr/jdk', '/usr/java', '/opt/java', '/usr/lib/jvm',
    '/Library/Java/JavaVirtualMachines'].collect { new File(it) }
['ProgramFiles', 'ProgramFiles(x86)'].each { name ->
    def files = System.getenv(name)
    if (files) {
        folders += ['Java', 'Eclipse Adoptium', 'Microsoft', 'Zulu', 'Amazon Corretto', 'BellSoft',
            'Semeru'].collect { new File(files, it) }
    }
}
folders.each { folder -> (folder.listFiles() ?: []).each { jdks << it << new File(it, 'Contents/Home') } }

boolean isWanted(File jdk, int wanted) {
    File release = new File(jdk, 'release')
    if (!release.isFile() || !(new File(jdk, 'bin/javac').exists() || new File(jdk, 'bin/javac.exe').exists())) {
        return false
    }
    def version = release.readLines().find { it.startsWith('JAVA_VERSION=') } =~ /"(\d+)/
    return version.find() && (version.group(1) as int) >= wanted
}

// Whoever names toolchains by hand may have them anywhere.
File toolchains = new File(home, '.m2/toolchains.xml')
if (toolchains.isFile()) {
    def named = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(toolchains).getElementsByTagName('jdkHome')
    for (int i = 0; i < named.length; i++) {
        // As Maven reads it.
        jdks << new File(named.item(i).textContent.trim().replaceAll(/\$\{env\.([^}]+)}/) { all, name -> System.getenv(name) ?: '' })
    }
}
if (!jdks.any { isWanted(it, wanted) }) {
    System.out.flush()
    System.err.println("""
There is no JDK ${wanted} on this machine. Install a JDK ${wanted}, then start again; it need not be the default java:
  Debian, Ubuntu   https://adoptium.net/installation/linux, then: apt install temurin-${wanted}-jdk
  macOS            brew install --cask temurin@${wanted}
  Windows          winget install EclipseAdoptium.Temurin.${wanted}.JDK
  anywhere         https://adoptium.net/temurin/releases?version=${wanted}, unpacked in ${new File(home, '.jdks')}""")
    System.err.flush()
    System.exit(69) // EX_UNAVAILABLE of sysexits.h.
}

File compiled = new File(project.build.outputDirectory, 'org/yifang/App.class')
if (!compiled.exists()) {
    println 'Yifang is compiled for the first time, which takes two or three minutes ...'
}
long began = System.currentTimeMillis()
Thread.startDaemon('compile-progress') {
    File marker = new File(project.build.directory, 'maven-status/maven-compiler-plugin/compile/default-compile/inputFiles.lst')
    for (int seconds = 20; seconds <= 900; seconds += 20) {
        TimeUnit.SECONDS.sleep(20)
        if (compiled.lastModified() >= began || marker.lastModified() >= began) {
            return
        }
        println "  compiling for ${seconds} s ..."
    }
}
