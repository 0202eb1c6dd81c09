// SPDX-License-Identifier: GPL-2.0-only
/*
 * begin.js - says that the page is being read, while the data arrives.
 *
 * It is written for any browser with JavaScript: one that is too old for the other
 * files keeps showing the sentence, which says so.
 */
document.getElementById("loading").hidden = false;
