// The words that questions of word sorting are drawn from: 5,000 English words and names in lower
// case, compiled in. Origin and licence: docs/licences/scowl.txt.
#pragma once

namespace tripost {

extern const char* const kWords;  // separated by blanks and newlines

}  // namespace tripost
