#pragma once

#include <fallline/landscape/paths.hpp>
#include <string>

namespace fallline::tool {

/// Prints paths as `format` says.
void print_paths(const landscape::Paths& paths, const std::string& json, const std::string& format);

}  // namespace fallline::tool
