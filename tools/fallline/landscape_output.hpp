#pragma once

#include <fallline/landscape/slice.hpp>
#include <string>

namespace fallline::tool {

/// Prints a slice as `format` says, and as JSON into a file where one is named.
void print_slice(const landscape::Slice& slice, const std::string& json, const std::string& format,
                 const std::string& output);

}  // namespace fallline::tool
