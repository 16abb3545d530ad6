#pragma once

#include <fallline/landscape/paths.hpp>
#include <string>

namespace fallline::tool {

/// Prints paths as `format` says, and as JSON into a file where one is named.
void print_paths(const landscape::Paths& paths, const std::string& json, const std::string& format,
                 const std::string& output);

}  // namespace fallline::tool
